/** Reads departures of days: all of them, in pages of a hundred. */
import { api, type Departure } from "../../lib/api/client";
import { take } from "../../lib/api/failure";
import { apiLanguage } from "../../lib/i18n/index.svelte";

const PAGE = 100;
/** Where reading ends: a bound for what a browser shows. */
export const MOST = 1000;

export interface Found {
  departures: Departure[];
  /** How many there are, which may be more than were read. */
  total: number;
}

/** The departures from one service day to another, in the order of their times. */
export async function readDays(dateFrom: string, dateTo: string): Promise<Found> {
  const all: Departure[] = [];
  for (;;) {
    const query = { dateFrom, dateTo, language: apiLanguage(), take: PAGE, skip: all.length };
    const { departures, total } = await take(api.GET("/v2/departures", { params: { query } }));
    all.push(...departures);
    if (departures.length < PAGE || all.length >= Math.min(total, MOST)) return { departures: all, total };
  }
}
