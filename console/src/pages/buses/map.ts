/**
 * The map of buses, drawn by MapLibre: our own outline of Europe, and a marker for each bus. No tile server is used. If
 * the platform has a file of streets, these are drawn over the outline.
 */
import {
  type GeoJSONSource,
  type GeoJSONSourceSpecification,
  LngLatBounds,
  Map as MapLibre,
  Marker,
  setWorkerUrl,
  type StyleSpecification,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

import { CITIES } from "./cities";
import type { StreetColours, Streets } from "./streets";
import outline from "./outline.geojson?url";

setWorkerUrl(workerUrl);

export interface Marked {
  id: string;
  label: string;
  /** What a screen reader says of it: the label, the state, and the age of the state. */
  spoken: string;
  /** Longitude, latitude. */
  at: [number, number];
  course: number | null;
  state: "live" | "recent" | "silent" | "off";
}

interface Colours extends StreetColours {
  border: string;
  track: string;
}
const LIGHT: Colours = {
  sea: "#d9e6f0",
  land: "#f7f9fa",
  border: "#b3c0cb",
  street: "#d3dae1",
  name: "#556371",
  track: "#155a8a",
};
const DARK: Colours = {
  sea: "#0c141b",
  land: "#1b252f",
  border: "#3d4c59",
  street: "#34424e",
  name: "#a3b0bc",
  track: "#8fc3ec",
};

/** Pixels: half of a marker's dot, and the area that a marker covers with its label. */
const HALF_DOT = 9;
const COVERED = { width: 116, height: 36 };
/**
 * A marker that others would cover is moved down, at most this number of times: further down its position would be
 * wrong.
 */
const MOST_BELOW = 4;
/** With more buses than this, only the selected one and the one under the pointer have a label. */
const CROWD = 40;

/** The highest zoom: for the outline, at which a town has a shape, and for streets, at which one street can be seen. */
const NEAREST = { outline: 12, streets: 17 };

/** The bounds of the outline: west, south, east, north. */
const BOUNDS: [number, number, number, number] = [-12, 34, 46, 62];

const cities: GeoJSONSourceSpecification["data"] = {
  type: "FeatureCollection",
  features: CITIES.map(([longitude, latitude, name, zoom]) => ({
    type: "Feature",
    properties: { name, zoom },
    geometry: { type: "Point", coordinates: [longitude, latitude] },
  })),
};

const line = (track: [number, number][]): GeoJSONSourceSpecification["data"] => ({
  type: "Feature",
  properties: {},
  geometry: { type: "LineString", coordinates: track },
});

const point = (at: [number, number] | undefined): GeoJSONSourceSpecification["data"] => ({
  type: "FeatureCollection",
  features: at ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: at } }] : [],
});

/** The streets, and how they are drawn. */
interface Drawn {
  streets: Streets;
  layersFor: typeof import("./streets").layersFor;
}

function style(
  colours: Colours,
  track: [number, number][],
  then?: [number, number],
  drawn?: Drawn,
): StyleSpecification {
  return {
    version: 8,
    sources: {
      europe: { type: "geojson", data: new URL(outline, location.href).href },
      cities: { type: "geojson", data: cities },
      track: { type: "geojson", data: line(track) },
      then: { type: "geojson", data: point(then) },
      ...(drawn && { streets: drawn.streets.source }),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colours.sea } },
      { id: "land", type: "fill", source: "europe", paint: { "fill-color": colours.land } },
      {
        id: "borders",
        type: "line",
        source: "europe",
        paint: { "line-color": colours.border, "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.6, 8, 1.6] },
      },
      ...(drawn?.layersFor(drawn.streets, colours) ?? []),
      {
        id: "track",
        type: "line",
        source: "track",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": colours.track, "line-width": 3, "line-opacity": 0.75 },
      },
      {
        id: "then",
        type: "circle",
        source: "then",
        paint: {
          "circle-radius": 7,
          "circle-color": colours.track,
          "circle-stroke-color": colours.land,
          "circle-stroke-width": 2,
        },
      },
      {
        id: "cities",
        type: "symbol",
        source: "cities",
        filter: [">=", ["zoom"], ["get", "zoom"]],
        // In a font of the machine, since there is no glyph server.
        layout: {
          "text-field": ["get", "name"],
          "text-size": ["interpolate", ["linear"], ["zoom"], 3, 11, 8, 15],
          "symbol-sort-key": ["get", "zoom"],
          // Above the place, since the label of a bus there is below it.
          "text-anchor": "bottom",
          "text-offset": [0, -0.6],
        },
        paint: { "text-color": colours.name, "text-halo-color": colours.land, "text-halo-width": 1.2 },
      },
    ],
  };
}

export class BusesOnMap {
  readonly #map: MapLibre;
  readonly #markers = new Map<string, Marker>();
  readonly #select: (id: string) => void;
  #isDark: boolean;
  #isFitted = false;
  #isRemoved = false;
  #selected = "";
  #track: [number, number][] = [];
  #then: [number, number] | undefined;
  #drawn: Drawn | undefined;

  constructor(container: HTMLElement, isDark: boolean, title: string, select: (id: string) => void) {
    this.#select = select;
    this.#isDark = isDark;
    this.#map = new MapLibre({
      container,
      style: style(isDark ? DARK : LIGHT, []),
      center: [25, 49.5],
      zoom: 4,
      minZoom: 3,
      maxZoom: NEAREST.outline,
      maxBounds: BOUNDS,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      locale: { "Map.Title": title },
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.on("zoomend", () => this.#arrange());
  }

  zoom(steps: 1 | -1): void {
    this.#map.zoomTo(this.#map.getZoom() + steps, { duration: 200 });
  }

  paint(isDark: boolean): void {
    if (isDark === this.#isDark) return;
    this.#isDark = isDark;
    this.#restyle();
  }

  /** Draws the streets of a file over the outline, if the file has any. */
  async addStreets(url: string): Promise<void> {
    const { layersFor, streetsAt } = await import("./streets");
    const streets = await streetsAt(url);
    if (!streets || this.#isRemoved) return;
    this.#drawn = { streets, layersFor };
    this.#map.setMaxZoom(NEAREST.streets);
    this.#restyle();
  }

  #restyle(): void {
    this.#map.setStyle(style(this.#isDark ? DARK : LIGHT, this.#track, this.#then, this.#drawn));
  }

  /** Draws the track of the selected bus, and its position at the chosen moment. */
  draw(track: [number, number][], then: [number, number] | undefined): void {
    this.#track = track;
    this.#then = then;
    // Before the style is loaded there is no source, so this is repeated afterwards.
    const source = this.#map.getSource<GeoJSONSource>("track");
    if (!source) return void this.#map.once("load", () => this.draw(this.#track, this.#then));
    source.setData(line(track));
    this.#map.getSource<GeoJSONSource>("then")?.setData(point(then));
  }

  /** Shows these buses; moves to the selected one, and at first shows all of them. */
  show(buses: Marked[], selected: string): void {
    const known = new Set(buses.map(({ id }) => id));
    for (const [id, marker] of this.#markers) {
      if (!known.has(id)) {
        marker.remove();
        this.#markers.delete(id);
      }
    }
    this.#map.getContainer().classList.toggle("crowded", buses.length > CROWD);
    for (const bus of buses) {
      const marker = this.#markers.get(bus.id) ?? this.#add(bus);
      const element = marker.getElement();
      marker.setLngLat(bus.at);
      element.className = element.className.replace(/ (live|recent|silent|off)\b/g, "");
      element.classList.add(bus.state);
      element.setAttribute("aria-pressed", String(bus.id === selected));
      element.setAttribute("aria-label", bus.spoken);
    }
    this.#look(buses, selected);
    this.#arrange();
  }

  remove(): void {
    this.#isRemoved = true;
    this.#map.remove();
  }

  /** Places buses at the same position, such as a depot, below each other. */
  #arrange(): void {
    const taken: { x: number; y: number }[] = [];
    const isCovered = (x: number, y: number) =>
      taken.some((one) => Math.abs(one.x - x) < COVERED.width && Math.abs(one.y - y) < COVERED.height);
    for (const marker of this.#markers.values()) {
      const { x, y } = this.#map.project(marker.getLngLat());
      let below = 0;
      if (this.#markers.size <= CROWD) {
        while (below < MOST_BELOW && isCovered(x, y + below * COVERED.height)) below++;
      }
      taken.push({ x, y: y + below * COVERED.height });
      marker.setOffset([0, below * COVERED.height - HALF_DOT]);
    }
  }

  #add(bus: Marked): Marker {
    const element = document.createElement("button");
    element.className = "bus";
    element.append(document.createElement("i"), document.createElement("b"));
    element.lastElementChild!.textContent = bus.label;
    element.addEventListener("click", () => this.#select(bus.id));
    const marker = new Marker({ element, anchor: "top" }).setLngLat(bus.at).addTo(this.#map);
    this.#markers.set(bus.id, marker);
    return marker;
  }

  #look(buses: Marked[], selected: string): void {
    const chosen = buses.find(({ id }) => id === selected);
    if (chosen && selected !== this.#selected) {
      this.#map.easeTo({ center: chosen.at, zoom: Math.max(this.#map.getZoom(), 7), duration: 500 });
      this.#isFitted = true;
    }
    this.#selected = selected;
    if (this.#isFitted || buses.length === 0) return;
    this.#isFitted = true;
    const bounds = buses.reduce((all, { at }) => all.extend(at), new LngLatBounds());
    this.#map.fitBounds(bounds, { padding: 60, maxZoom: 5.5, duration: 0 });
  }
}
