/** Whether the page is dark now: only the map has to know, the rest is written in `light-dark()`. */
import { MediaQuery } from "svelte/reactivity";

import { theme } from "../../lib/theme.svelte";

const systemIsDark = new MediaQuery("prefers-color-scheme: dark");

export function isDark(): boolean {
  return theme() === "dark" || (theme() === "system" && systemIsDark.current);
}
