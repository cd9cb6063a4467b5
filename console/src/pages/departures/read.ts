/** Reads all departures of days, in pages of a hundred. */
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

/** Departures of single days. */
export interface FoundByDay {
  departures: Departure[];
  /** Whether a day has more departures than were read. */
  isCut: boolean;
}

/** The departures from one service day to another, in order of time; of one route if it is given. */
export function readDays(dateFrom: string, dateTo: string, routeId = ""): Promise<Found> {
  const query = { dateFrom, dateTo, ...(routeId && { routeId }), language: apiLanguage(), take: PAGE };
  return readPages((skip) => take(api.GET("/v2/departures", { params: { query: { ...query, skip } } })));
}

const readDay = (date: string): Promise<Found> => readDays(date, date);

/** The departures of some service days, each read up to the limit, so that no day lacks those of its end. */
export async function readEach(dates: readonly string[], read = readDay): Promise<FoundByDay> {
  const days = await Promise.all(dates.map((date) => read(date)));
  const all = days.flatMap(({ departures }) => departures);
  const once = new Map(all.map((departure) => [departure.id, departure]));
  return { departures: [...once.values()], isCut: days.some(({ total }) => total > MOST) };
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
