/** Reads all departures of a range of days, in pages of a hundred. */
import { api, type Departure } from "../../lib/api/client";
import { take } from "../../lib/api/failure";
import { apiLanguage } from "../../lib/i18n/index.svelte";

const PAGE = 100;
/** The most departures that are read: a limit to what a browser shows. */
export const MOST = 1000;

export interface Found {
  departures: Departure[];
  /** The number of all departures, which may be more than were read. */
  total: number;
}

/** The departures from one service day to another, in order of time; of one route if it is given. */
export function readDays(dateFrom: string, dateTo: string, routeId = ""): Promise<Found> {
  const query = { dateFrom, dateTo, ...(routeId && { routeId }), language: apiLanguage(), take: PAGE };
  return readPages((skip) => take(api.GET("/v2/departures", { params: { query: { ...query, skip } } })));
}

/**
 * Reads all pages, each departure once: if one is added meanwhile, a page begins with the last one of the page before.
 */
export async function readPages(page: (skip: number) => Promise<Found>): Promise<Found> {
  const all = new Map<string, Departure>();
  for (let skip = 0; ; skip += PAGE) {
    const { departures, total } = await page(skip);
    for (const departure of departures) all.set(departure.id, departure);
    if (departures.length < PAGE || skip + PAGE >= Math.min(total, MOST)) return { departures: [...all.values()], total };
  }
}
