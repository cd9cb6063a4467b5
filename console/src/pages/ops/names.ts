/** Names of the API's codes. A code that the console does not know is shown as it is. */
import { textOf } from "../../lib/i18n/index.svelte";

/** A class of operations with its own rate limit. */
export const nameOfClass = (code: string): string => textOf(`members.class.${code}`, {}) ?? code;

/** The tier of a partner or a company. */
export const nameOfTier = (code: string): string => textOf(`members.tier.${code}`, {}) ?? code;

/** An action of a platform operator. */
export const nameOfAction = (code: string): string => textOf(`audit.action.${code}`, {}) ?? code;

/** The kind of an entry of a story. */
export const nameOfEntry = (kind: string): string => textOf(`story.kind.${kind}`, {}) ?? kind;

/** The violation of an invariant; the API's English sentence for one that the console does not know. */
export function breachOf(rule: string, meaning: string): { text: string; lang?: "en" } {
  const text = textOf(`invariant.${rule}`, {});
  return text === undefined ? { text: meaning, lang: "en" } : { text };
}
