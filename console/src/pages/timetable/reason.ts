/** Reasons and remarks about a timetable in the language of the reader: written from their clauses. */
import type { Schemas } from "../../lib/api/client";
import { day, language, span, textOf } from "../../lib/i18n/index.svelte";

type Clause = Schemas["ReasonClause"];

/** A text, and its language when that is not the reader's. */
export interface Told {
  text: string;
  lang?: "en";
}

/** Clauses that say where something is, or what the next one explains. */
const LEADS = /^(AT_|NO_AGENCY|NO_TRIP|FARES_(ANYWHERE|FROM|TO|BETWEEN)$)/;

/** A sentence: the English one when it has no clauses, or one that is new to us. */
export function told(clauses: readonly Clause[] | undefined, english: string): Told {
  const parts = (clauses ?? []).map(({ code, values }) => textOf(`reason.${code}`, readable(values)));
  if (parts.length === 0 || parts.includes(undefined)) return { text: english, lang: "en" };
  const joined = parts.map((part, i) => part + after(clauses!, i)).join("");
  return { text: joined.charAt(0).toLocaleUpperCase(language()) + joined.slice(1) };
}

function after(clauses: readonly Clause[], i: number): string {
  if (i === clauses.length - 1) return "";
  const { code } = clauses[i]!;
  if (code === "FARES_OF_ROUTE") return ", ";
  return LEADS.test(code) ? ": " : "; ";
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Days as the reader writes them. */
function readable(values: Record<string, string>): Record<string, string> {
  const written = ([name, value]: [string, string]) => {
    const [from = "", to = ""] = value.split("..");
    if (name === "day" && DAY.test(value)) return [name, day(value)];
    if (/^(calendar|window|moved)$/.test(name) && DAY.test(from) && DAY.test(to)) return [name, span(from, to)];
    return [name, value];
  };
  return Object.fromEntries(Object.entries(values).map(written));
}
