import { expect, it } from "vitest";

import { CITIES } from "../src/pages/buses/cities";
import outline from "../src/pages/buses/outline.geojson?raw";

interface Country {
  properties: { id: string };
  geometry: { coordinates: [number, number][][][] };
}
const { features } = JSON.parse(outline) as { features: Country[] };

const UKRAINE = "804";
const RUSSIA = "643";

function encloses(ring: [number, number][], [x, y]: readonly [number, number]): boolean {
  return ring.reduce((inside, [xi, yi], i) => {
    const [xj, yj] = ring.at(i - 1)!;
    return yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi ? !inside : inside;
  }, false);
}

/** Ids of the countries at a point, longitude first. */
const at = (point: readonly [number, number]) =>
  features
    .filter(({ geometry }) =>
      geometry.coordinates.some(([shell, ...holes]) => encloses(shell!, point) && !holes.some((hole) => encloses(hole, point))),
    )
    .map(({ properties }) => properties.id);

it.each([
  ["Simferopol", 34.1, 44.95],
  ["Sevastopol", 33.6, 44.62],
  ["Yalta", 34.1, 44.53],
  ["Kerch", 36.4, 45.33],
  ["Yevpatoria", 33.4, 45.25],
  ["Donetsk", 37.8, 48.02],
  ["Luhansk", 39.3, 48.57],
  ["Kyiv", 30.52, 50.45],
])("%s lies in Ukraine, and in no other country", (_, longitude, latitude) => {
  expect(at([longitude, latitude])).toEqual([UKRAINE]);
});

it("has a Russia that ends before Crimea", () => {
  expect(at([37.62, 55.75])).toEqual([RUSSIA]);
});

it("has a country at each city that the map names", () => {
  // On a coast an outline of this coarseness may miss a city by a few kilometres.
  const missed = CITIES.filter(([longitude, latitude]) => at([longitude, latitude]).length !== 1);
  expect(missed.length).toBeLessThan(4);
});
