/** Whether the page is dark now: only the map needs that, everything else uses `light-dark()`. */
import { media } from "../../lib/media";
import { theme } from "../../lib/theme.svelte";

const isSystemDark = media("(prefers-color-scheme: dark)");

export function isDark(): boolean {
  return theme() === "dark" || (theme() === "system" && isSystemDark());
}
