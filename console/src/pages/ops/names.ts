/** Names of what the API gives by code. One that is new to us stays as it is. */
import { textOf } from "../../lib/i18n/index.svelte";

/** A class of operations that has a rate limit of its own. */
export const nameOfClass = (code: string): string => textOf(`members.class.${code}`, {}) ?? code;

/** What was agreed with a partner or a company. */
export const nameOfTier = (code: string): string => textOf(`members.tier.${code}`, {}) ?? code;

/** What an operator of the platform did. */
export const nameOfAction = (code: string): string => textOf(`audit.action.${code}`, {}) ?? code;

/** What an entry of a story is about. */
export const nameOfEntry = (kind: string): string => textOf(`story.kind.${kind}`, {}) ?? kind;

/** What breaks a rule that always holds; the English sentence for one that is new to us. */
export function breachOf(rule: string, meaning: string): { text: string; lang?: "en" } {
  const text = textOf(`invariant.${rule}`, {});
  return text === undefined ? { text: meaning, lang: "en" } : { text };
}
