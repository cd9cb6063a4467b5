import type { Access, Schemas } from "../lib/api/client";
import { t } from "../lib/i18n/index.svelte";

/** The name of a workplace, or of that of a session. The platform's name differs by language. */
export function workplaceName(access: Access | Schemas["OwnSession"]): string {
  return access.contextType === "PLATFORM" ? t("workplace.platform") : access.name;
}
