/** Reads whole lists in pages: a map without some buses, or a track that ends too early, would be wrong. */
import { api, type FmsObject } from "../../lib/api/client";
import { take } from "../../lib/api/failure";
import type { Position } from "./track";

/** More than the largest company has; limits what a browser requests. */
const MOST_BUSES = 1000;
/** More than a position per second for a day. */
const MOST_POSITIONS = 90_000;

/** Reads the pages of a list one after the other, up to a limit. */
export async function readPages<T>(
  page: (skip: number) => Promise<{ items: T[]; total: number }>,
  most: number,
): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const { items, total } = await page(all.length);
    all.push(...items);
    if (items.length === 0 || all.length >= total || all.length >= most) return all;
  }
}

export const readBuses = (): Promise<FmsObject[]> =>
  readPages(async (skip) => {
    const params = { query: { take: 100, skip } };
    const { fmsObjects, total } = await take(api.GET("/v2/geolocation/fms-objects", { params }));
    return { items: fmsObjects, total };
  }, MOST_BUSES);

/** The positions of a bus within a span of time, in order of time. */
export const readTrack = (id: string, span: { from: string; to: string }): Promise<Position[]> =>
  readPages(async (skip) => {
    const params = { path: { id }, query: { ...span, take: 5000, skip } };
    const { positions, total } = await take(api.GET("/v2/geolocation/fms-objects/{id}/positions", { params }));
    return { items: positions, total };
  }, MOST_POSITIONS);
