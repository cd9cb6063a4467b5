// The outline of Europe's countries for the map of buses, from Natural Earth's public domain data in `world-atlas`.
// That draws Crimea as a part of Russia; the polygon is moved to Ukraine here, and tests/outline.test.ts asserts the
// outcome.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { feature, merge } from "topojson-client";

import { clip } from "./clip.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const RUSSIA = "643";
const UKRAINE = "804";
/** A point in Crimea, longitude first. */
const CRIMEA = [34.1, 44.95];
/** West, south, east, north, in degrees: the area of European buses. */
const BOX = [-12, 34, 46, 62];

const world = JSON.parse(readFileSync(here("../node_modules/world-atlas/countries-50m.json"), "utf8"));
const countries = world.objects.countries.geometries;
const find = (id) => countries.find((country) => country.id === id);

/** Whether a ring of coordinates encloses a point. */
function encloses(ring, [x, y]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

const polygons = (country) => (country.type === "Polygon" ? [country.arcs] : country.arcs);
const ringOf = (arcs) => feature(world, { type: "Polygon", arcs }).geometry.coordinates[0];

const isCrimea = (arcs) => encloses(ringOf(arcs), CRIMEA);
const round = (ring) => ring.map(([x, y]) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]);

/** The shape of a country, with Crimea in Ukraine. */
function shapeOf(country) {
  if (![RUSSIA, UKRAINE].includes(country.id)) return feature(world, country).geometry;
  const [russia, ukraine] = [find(RUSSIA), find(UKRAINE)];
  const crimea = polygons(russia).filter(isCrimea);
  if (crimea.length !== 1) throw new Error("world-atlas changed: Crimea is not one polygon of Russia any more");
  if (country === ukraine) return merge(world, [ukraine, { type: "MultiPolygon", arcs: crimea }]);
  const arcs = polygons(russia).filter((arcs) => !isCrimea(arcs));
  return feature(world, { type: "MultiPolygon", arcs }).geometry;
}

/** The countries within the box, as GeoJSON; each has its ISO 3166 number as `id`. */
export function outline() {
  const features = countries.flatMap((country) => {
    const shape = shapeOf(country);
    const parts = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
    const kept = parts.map((rings) => rings.map((ring) => round(clip(ring, BOX))).filter((ring) => ring.length > 3));
    const coordinates = kept.filter((rings) => rings.length > 0);
    const geometry = { type: "MultiPolygon", coordinates };
    return coordinates.length > 0 ? [{ type: "Feature", properties: { id: country.id }, geometry }] : [];
  });
  return { type: "FeatureCollection", features };
}
