// Makes src/pages/buses/outline.geojson: the outline of Europe's countries for the map of buses, from Natural Earth's public
// domain data in `world-atlas`. That draws Crimea as a part of Russia; the polygon is moved to Ukraine here, and
// tests/outline.test.ts asserts the outcome.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { feature, merge } from "topojson-client";

import { clip } from "./clip.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const RUSSIA = "643";
const UKRAINE = "804";
/** A point of Crimea, longitude first. */
const CRIMEA = [34.1, 44.95];
/** West, south, east, north, in degrees: what buses of Europe cross. */
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

const russia = find(RUSSIA);
const ukraine = find(UKRAINE);
const isCrimea = (arcs) => encloses(ringOf(arcs), CRIMEA);
const crimea = polygons(russia).filter(isCrimea);
if (crimea.length !== 1) throw new Error("world-atlas changed: Crimea is not one polygon of Russia any more");
russia.arcs = polygons(russia).filter((arcs) => !isCrimea(arcs));
russia.type = "MultiPolygon";

const round = (ring) => ring.map(([x, y]) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]);
const features = [];
for (const country of countries) {
  const shape =
    country.id === UKRAINE
      ? merge(world, [ukraine, { type: "MultiPolygon", arcs: crimea }])
      : feature(world, country).geometry;
  const parts = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  const kept = parts.map((rings) => rings.map((ring) => round(clip(ring, BOX))).filter((ring) => ring.length > 3));
  const coordinates = kept.filter((rings) => rings.length > 0);
  if (coordinates.length === 0) continue;
  features.push({
    type: "Feature",
    properties: { id: country.id },
    geometry: { type: "MultiPolygon", coordinates },
  });
}
writeFileSync(here("../src/pages/buses/outline.geojson"), JSON.stringify({ type: "FeatureCollection", features }));
