import type { Access } from "../lib/api/client";
import { t } from "../lib/i18n/index.svelte";

/** The name of a workplace. That of a partner is not in the API. */
export function workplaceName(access: Access): string {
  return access.company?.name ?? t("workplace.partner");
}
