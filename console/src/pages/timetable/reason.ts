/**
 * Reasons and remarks about a timetable in the language of the user, composed of their clauses. Several clauses are one
 * sentence, so their texts neither begin with a capital letter nor end with a full stop.
 */
import type { Schemas } from "../../lib/api/client";
import { day, language, learn, span, textOf } from "../../lib/i18n/index.svelte";
import type { Group } from "../../lib/i18n/translation";

type Clause = Schemas["ReasonClause"];

/**
 * The group of words for a reason, by its code: the first that matches. There are many words, and most timetables need
 * only a few of them.
 */
const FAMILIES: readonly [RegExp, Group][] = [
  [/FARE|PRODUCT|PRICE|CURRENCY|(?<!TIME_)ZONE_|AREA|RULE|RIDER/, "fareReasons"],
  [/^(SOLD_DEPARTURE|STOPS_NOT_SERVED|DAY_NOT_SERVED|TRIP_GONE|SEAT_MISSING|MAY_BE_\w+)$/, "soldReasons"],
  [/^AT_|_(UNKNOWN|REJECTED|TWICE|UNUSABLE|DOUBTFUL|EXISTS|LEFT_OUT)$/, "linkReasons"],
  [
    /ARCHIVE|ENTR|FEED|FORMER|PUBLISHED|PLATFORM|STORE_|PROCESSED|WORKER|CANCELED|SINCE_CHECK|AGENCIES|ELSEWHERE|FILES?_|A_FILE|UTF_|NUL_|ENCODING|HEADER|COLUMN|CALENDAR_(MISSING|E)|QUOTE|CSV|NO_(?!STOP)/,
    "archiveReasons",
  ],
  [/./, "rowReasons"],
];

export function familyOf(code: string): Group {
  return FAMILIES.find(([codes]) => codes.test(code))![1];
}

/** Loads the words of some reasons. Without them, `reasonText` returns the English sentences. */
export async function learnReasons(reasons: readonly (readonly Clause[] | undefined)[]): Promise<void> {
  const groups = new Set(reasons.flatMap((clauses) => clauses ?? []).map(({ code }) => familyOf(code)));
  await learn([...groups]).catch(() => {});
}

/** A text, and its language if that is not the user's. */
export interface ReasonText {
  text: string;
  lang?: "en";
}

/** Clauses that say where something is, or introduce the next clause. */
const LEADS = /^(AT_|NO_AGENCY|NO_TRIP|FARES_(ANYWHERE|FROM|TO|BETWEEN)$)/;

/** A sentence: the English one if it has no clauses, or one that the console does not know. */
export function reasonText(clauses: readonly Clause[] | undefined, english: string): ReasonText {
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

/** Writes days in the user's language. */
function readable(values: Record<string, string>): Record<string, string> {
  const written = ([name, value]: [string, string]) => {
    const [from = "", to = ""] = value.split("..");
    if (name === "day" && DAY.test(value)) return [name, day(value)];
    if (/^(calendar|window|moved)$/.test(name) && DAY.test(from) && DAY.test(to)) return [name, span(from, to)];
    return [name, value];
  };
  return Object.fromEntries(Object.entries(values).map(written));
}
