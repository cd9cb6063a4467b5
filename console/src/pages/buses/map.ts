/** The map of buses, drawn by MapLibre: our own outline of Europe, a marker for each bus. No tile server is asked. */
import {
  LngLatBounds,
  Map as MapLibre,
  Marker,
  NavigationControl,
  setWorkerUrl,
  type StyleSpecification,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

import outline from "./outline.json?url";

setWorkerUrl(workerUrl);

export interface Marked {
  id: string;
  label: string;
  /** Longitude, latitude. */
  at: [number, number];
  course: number | null;
  state: "live" | "recent" | "silent" | "off";
}

interface Colours {
  sea: string;
  land: string;
  border: string;
}
const LIGHT: Colours = { sea: "#dbe7f0", land: "#f8fafb", border: "#b3c0cb" };
const DARK: Colours = { sea: "#0c141b", land: "#1b252f", border: "#3d4c59" };

/** Where the outline ends: west, south, east, north. */
const BOUNDS: [number, number, number, number] = [-12, 34, 46, 62];

function style(colours: Colours): StyleSpecification {
  return {
    version: 8,
    sources: { europe: { type: "geojson", data: new URL(outline, location.href).href } },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colours.sea } },
      { id: "land", type: "fill", source: "europe", paint: { "fill-color": colours.land } },
      {
        id: "borders",
        type: "line",
        source: "europe",
        paint: { "line-color": colours.border, "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.6, 8, 1.6] },
      },
    ],
  };
}

export class BusesOnMap {
  readonly #map: MapLibre;
  readonly #markers = new Map<string, Marker>();
  readonly #select: (id: string) => void;
  #isFitted = false;
  #selected = "";

  constructor(container: HTMLElement, select: (id: string) => void) {
    this.#select = select;
    this.#map = new MapLibre({
      container,
      style: style(LIGHT),
      center: [25, 49.5],
      zoom: 4,
      minZoom: 3,
      maxZoom: 12,
      maxBounds: BOUNDS,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  }

  paint(isDark: boolean): void {
    this.#map.setStyle(style(isDark ? DARK : LIGHT));
  }

  /** Shows these buses; goes to the selected one, and to all of them at first. */
  show(buses: Marked[], selected: string): void {
    const known = new Set(buses.map(({ id }) => id));
    for (const [id, marker] of this.#markers) {
      if (!known.has(id)) {
        marker.remove();
        this.#markers.delete(id);
      }
    }
    for (const bus of buses) {
      const marker = this.#markers.get(bus.id) ?? this.#add(bus);
      const element = marker.getElement();
      marker.setLngLat(bus.at);
      element.className = element.className.replace(/ (live|recent|silent|off)\b/g, "");
      element.classList.add(bus.state);
      element.setAttribute("aria-pressed", String(bus.id === selected));
    }
    this.#look(buses, selected);
  }

  remove(): void {
    this.#map.remove();
  }

  #add(bus: Marked): Marker {
    const element = document.createElement("button");
    element.className = "bus";
    element.append(document.createElement("i"), document.createElement("b"));
    element.lastElementChild!.textContent = bus.label;
    element.addEventListener("click", () => this.#select(bus.id));
    const marker = new Marker({ element, anchor: "top", offset: [0, -9] }).setLngLat(bus.at).addTo(this.#map);
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
    this.#map.fitBounds(bounds, { padding: 60, maxZoom: 6.5, duration: 0 });
  }
}
