/**
 * The filters with which a list was seen last: the way back from one of its items leads there. Not in another workplace,
 * where the ids in them are of nothing.
 */
import { identity, session } from "../lib/session.svelte";

type List = "orders" | "departures";
const seen = new Map<string, string>();

const here = (list: List) => `${list} ${identity(session.auth)}`;

export function remember(list: List, query: string): void {
  seen.set(here(list), query);
}

export function lastSearch(list: List): string {
  return seen.get(here(list)) ?? "";
}
