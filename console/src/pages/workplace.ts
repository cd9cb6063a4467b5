import type { Access } from "../lib/api/client";
import { t } from "../lib/i18n/index.svelte";

/** The name of a workplace. Only that of a company is in the API. */
export function workplaceName(access: Access): string {
  return access.company?.name ?? t(access.contextType === "PLATFORM" ? "workplace.platform" : "workplace.partner");
}
