/** The theme: light, dark, or that of the system. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const STORED = "theme";

function stored(): Theme {
  const text = localStorage.getItem(STORED);
  return THEMES.find((theme) => theme === text) ?? "system";
}

class Chosen {
  theme = $state<Theme>(stored());
}

const chosen = new Chosen();

export function theme(): Theme {
  return chosen.theme;
}

export function applyTheme(): void {
  if (chosen.theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen.theme;
}

export function chooseTheme(theme: Theme): void {
  chosen.theme = theme;
  localStorage.setItem(STORED, theme);
  applyTheme();
}
