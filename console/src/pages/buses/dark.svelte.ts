/** Whether the page is dark now: only the map has to know, the rest is written in `light-dark()`. */
import { media } from "../../lib/media";
import { theme } from "../../lib/theme.svelte";

const isSystemDark = media("(prefers-color-scheme: dark)");

export function isDark(): boolean {
  return theme() === "dark" || (theme() === "system" && isSystemDark());
}
