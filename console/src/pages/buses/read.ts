/** Reads whole lists in pages: a map that leaves buses out, or a track that ends too early, would lie. */
import { api, type FmsObject } from "../../lib/api/client";
import { take } from "../../lib/api/failure";
import type { Position } from "./track";

/** More than the largest company has; a bound for what a browser asks. */
const MOST_BUSES = 1000;
/** More than a position a second for a day. */
const MOST_POSITIONS = 90_000;

/** Pages of a list one after the other, up to a bound. */
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

/** The positions of a bus within a span of time, in the order of their times. */
export const readTrack = (id: string, span: { from: string; to: string }): Promise<Position[]> =>
  readPages(async (skip) => {
    const params = { path: { id }, query: { ...span, take: 5000, skip } };
    const { positions, total } = await take(api.GET("/v2/geolocation/fms-objects/{id}/positions", { params }));
    return { items: positions, total };
  }, MOST_POSITIONS);
