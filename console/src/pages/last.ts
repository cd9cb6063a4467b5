/**
 * The filters with which a list was last shown: the way back from one of its items leads to these. Kept for each
 * workplace, since the ids in them mean nothing in another one.
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
