/** Light, dark, or as the system has it. */
import { MediaQuery } from "svelte/reactivity";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const STORED = "theme";

function stored(): Theme {
  const text = localStorage.getItem(STORED);
  return THEMES.find((theme) => theme === text) ?? "system";
}

const systemIsDark = new MediaQuery("prefers-color-scheme: dark");

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

/** Whether the page is dark now. */
export function isDark(): boolean {
  return chosen.theme === "dark" || (chosen.theme === "system" && systemIsDark.current);
}
