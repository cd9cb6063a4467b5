/** The words of the console in the user's language, and how that language writes dates, money and numbers. */
import { untrack } from "svelte";
import { createSubscriber } from "svelte/reactivity";

import { addDays, dayIn, midnight, relative } from "../dates";
import { time } from "../time";
import { fill, type Params } from "./fill";
import type { English, Group, Plural, Words } from "./translation";

export const LANGUAGES = ["uk", "pl", "cs", "en", "ro", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Languages by their own names. */
export const NAMES: Record<Language, string> = {
  uk: "Українська",
  pl: "Polski",
  cs: "Čeština",
  en: "English",
  ro: "Română",
  ru: "Русский",
};

export type Key = keyof English;

const LOADERS: Record<Language, () => Promise<{ default: Words }>> = {
  uk: () => import("./uk"),
  pl: () => import("./pl"),
  cs: () => import("./cs"),
  en: () => import("./en"),
  ro: () => import("./ro"),
  ru: () => import("./ru"),
};

/** The locale of each language: English with the day before the month and 24 hours, as on our buses. */
const LOCALES: Record<Language, string> = { uk: "uk", pl: "pl", cs: "cs", en: "en-GB", ro: "ro", ru: "ru" };

const STORED = "language";

class Spoken {
  language = $state<Language>("en");
  /** The time zone of the company in whose workplace the user is. */
  zone = $state<string>();
  dictionary = $state.raw<Record<string, string | Plural>>({});
  locale = $derived(LOCALES[this.language]);
  plurals = $derived(new Intl.PluralRules(this.locale));
}

const words = new Spoken();
/** Groups of pages whose words have been loaded. */
const known = new Set<Group>();

export function language(): Language {
  return words.language;
}

/** How this language writes dates and numbers. */
export function locale(): string {
  return words.locale;
}

/** The language of names from the API, which has no Romanian ones. */
export function apiLanguage(): "UK" | "PL" | "CS" | "EN" | "RU" {
  return words.language === "ro" ? "EN" : (words.language.toUpperCase() as "UK" | "PL" | "CS" | "EN" | "RU");
}

/** The language that the user chose, else the first of the browser's languages that the console has. */
export function preferred(): Language {
  const wanted = [localStorage.getItem(STORED) ?? "", ...navigator.languages];
  const found = wanted.map((tag) => LANGUAGES.find((known) => tag.slice(0, 2).toLowerCase() === known));
  return found.find((known) => known !== undefined) ?? "en";
}

/** Switches to a language, and loads its words of all groups that have been loaded. */
export async function speak(language: Language): Promise<void> {
  const { default: chosen } = await LOADERS[language]();
  const groups = [...known];
  const loaded = await Promise.all(groups.map((group) => chosen.more[group]()));
  // A page that was opened meanwhile has words too.
  if (known.size > groups.length) return speak(language);
  words.dictionary = Object.assign({}, chosen.base, ...loaded.map(({ default: group }) => group));
  words.language = language;
  document.documentElement.lang = language;
}

/** Loads the words of groups of pages, before the first page of these is shown. */
export async function learn(groups: readonly Group[]): Promise<void> {
  const unknown = groups.filter((group) => !known.has(group));
  if (unknown.length === 0) return;
  const { language } = words;
  const { default: chosen } = await LOADERS[language]();
  const loaded = await Promise.all(unknown.map((group) => chosen.more[group]()));
  if (language !== words.language) return learn(groups);
  unknown.forEach((group) => known.add(group));
  words.dictionary = Object.assign({}, words.dictionary, ...loaded.map(({ default: group }) => group));
}

/** Code that is loaded on demand, with the words that it needs. */
export async function withWords<M>(groups: readonly Group[], code: Promise<M>): Promise<M> {
  // Untracked: another language changes what the code says, not whether it is there.
  const [module] = await Promise.all([code, untrack(() => learn(groups))]);
  return module;
}

export async function choose(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  await speak(language);
}

type Text = { [K in Key]: English[K] extends string ? K : never }[Key];
type Counted = Exclude<Key, Text>;

/** A text; the placeholders of the English one must be given. */
export function t<K extends Text>(key: K, ...params: Params<English[K] & string>): string {
  return fill(words.dictionary[key] as string, params[0] ?? {});
}

/**
 * The text of a key from the API; `undefined` if the console does not know it. The API decides what fills the
 * placeholders.
 */
export function textOf(key: string, params: Record<string, string>): string | undefined {
  const text = Object.hasOwn(words.dictionary, key) ? words.dictionary[key] : undefined;
  return typeof text === "string" ? fill(text, params) : undefined;
}

/** A text with a number, in the plural form that the language requires; `{count}` in it is the number. */
export function plural(key: Counted, count: number): string {
  const forms = words.dictionary[key] as Plural;
  return fill(forms[words.plurals.select(count)] ?? forms.other, { count: number(count) });
}

export function number(value: number): string {
  return new Intl.NumberFormat(words.locale).format(value);
}

/** An amount with the code of its currency, as in the mails. */
export function money(amount: number, currency: string): string {
  return new Intl.NumberFormat(words.locale, {
    style: "currency",
    currency,
    currencyDisplay: "code",
    trailingZeroDisplay: "stripIfInteger",
  }).format(amount);
}

type DateStyle = "day" | "shortDay" | "moment" | "time";

const STYLES: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  day: { weekday: "short", day: "numeric", month: "long", year: "numeric" },
  shortDay: { weekday: "short", day: "numeric", month: "short" },
  moment: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit" },
};

/** Sets the time zone of the company of this workplace; without one, moments are in the time zone of this browser. */
export function keepTimeOf(zone: string | undefined): void {
  words.zone = zone;
}

const dayNow = () => dayIn(new Date(time()), words.zone);

const subscribeToDay = createSubscriber((update) => {
  let known = dayNow();
  const timer = setInterval(() => {
    if (dayNow() !== known) update();
    known = dayNow();
  }, 5000);
  return () => clearInterval(timer);
});

/** Today's date in the time zone of the company. A page that stays open moves on to the next day. */
export function today(): string {
  subscribeToDay();
  return dayNow();
}

/** The instants at which a day of the company begins and ends. */
export function boundsOf(day: string): { from: string; to: string } {
  const [from, to] = [day, addDays(day, 1)].map((one) => midnight(one, words.zone).toISOString());
  return { from: from!, to: to! };
}

/** An instant in the time zone of the company. */
export function moment(iso: string, style: DateStyle = "moment"): string {
  return new Intl.DateTimeFormat(words.locale, { ...STYLES[style], timeZone: words.zone }).format(new Date(iso));
}

/** The local time of a stop, which the API writes with its offset, in the form that `local` takes. */
export function wall(zoned: string): string {
  return `${zoned.slice(0, 19)}Z`;
}

/** The local time of a stop, which the API writes with a `Z` that means nothing. */
export function local(iso: string, style: DateStyle): string {
  return new Intl.DateTimeFormat(words.locale, { ...STYLES[style], timeZone: "UTC" }).format(new Date(iso));
}

/** A day, `YYYY-MM-DD`. */
export function day(text: string, style: "day" | "shortDay" = "day"): string {
  return local(`${text}T00:00:00Z`, style);
}

/** The local time of a stop, with the weekday unless its day is that of the moment or day beside which it is read. */
export function clock(zoned: string, beside: string): string {
  const time = local(wall(zoned), "time");
  return zoned.slice(0, 10) === beside.slice(0, 10) ? time : `${time} (${weekday(zoned.slice(0, 10))})`;
}

/** The weekday of a date, in two or three letters. */
export function weekday(text: string): string {
  const format = new Intl.DateTimeFormat(words.locale, { weekday: "short", timeZone: "UTC" });
  return format.format(new Date(`${text}T00:00:00Z`));
}

/** A range of days; a common month or year is written once. */
export function span(from: string, to: string): string {
  const format = new Intl.DateTimeFormat(words.locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  return format.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

/** How long ago an instant was, or how far ahead it is. */
export function away(iso: string, now: number): string {
  const { value, unit } = relative(iso, now);
  return new Intl.RelativeTimeFormat(words.locale, { numeric: "auto" }).format(value, unit);
}

/** How long ago something was; a clock that is fast, such as a tracker's, does not move it into the future. */
export function ago(iso: string, now: number): string {
  return away(iso, Math.max(now, Date.parse(iso)));
}
