/** Reads a whole list in pages of a hundred: a map that leaves buses out would lie. */
import type { FmsObject } from "../../lib/api/client";

/** More than the largest company has; a bound for what a browser asks. */
const MOST = 1000;

export async function readAll(
  read: (skip: number) => Promise<{ fmsObjects: FmsObject[]; total: number }>,
): Promise<FmsObject[]> {
  const all: FmsObject[] = [];
  for (;;) {
    const { fmsObjects, total } = await read(all.length);
    all.push(...fmsObjects);
    if (fmsObjects.length === 0 || all.length >= Math.min(total, MOST)) return all;
  }
}
