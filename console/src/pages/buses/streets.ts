/**
 * Streets from one PMTiles file (`MAP_PMTILES_URL`), read by range requests: no tile server is used. The file has
 * vector tiles in one of the common schemas, of which the map draws water, streets and the names of streets.
 */
import { addProtocol, type LayerSpecification, type SourceSpecification } from "maplibre-gl";
import { PMTiles, Protocol } from "pmtiles";

export interface Streets {
  source: SourceSpecification;
  water: string | undefined;
  roads: string;
}

export interface StreetColours {
  sea: string;
  land: string;
  street: string;
  name: string;
}

/** The name of the layer of streets in each schema: Protomaps, OpenMapTiles, Shortbread. */
const ROADS = ["roads", "transportation", "streets"];
const WATER = ["water", "ocean", "water_polygons"];

const protocol = new Protocol();
addProtocol("pmtiles", protocol.tile);

/** The names of a file's layers, from its metadata. */
export function layersOf(metadata: unknown): string[] {
  const layers = (metadata as { vector_layers?: unknown } | null)?.vector_layers;
  if (!Array.isArray(layers)) return [];
  return layers.flatMap((layer: { id?: unknown } | null) => (typeof layer?.id === "string" ? [layer.id] : []));
}

/** The streets of a file; `undefined` if it has no known layer of streets, or cannot be read. */
export async function streetsAt(url: string): Promise<Streets | undefined> {
  const file = new PMTiles(url);
  try {
    const layers = layersOf(await file.getMetadata());
    const roads = ROADS.find((name) => layers.includes(name));
    if (!roads) return undefined;
    protocol.add(file);
    const source: SourceSpecification = { type: "vector", url: `pmtiles://${url}` };
    return { source, roads, water: WATER.find((name) => layers.includes(name)) };
  } catch {
    // Without streets, the map shows the outline only, as if no file were set.
    return undefined;
  }
}

/** The layers of the streets, from the lowest one. */
export function layersFor({ water, roads }: Streets, colours: StreetColours): LayerSpecification[] {
  const source = "streets";
  const below: LayerSpecification[] = water
    ? [{ id: "water", type: "fill", source, "source-layer": water, paint: { "fill-color": colours.sea } }]
    : [];
  return [
    ...below,
    {
      id: "streets",
      type: "line",
      source,
      "source-layer": roads,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": colours.street,
        "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 6, 0.5, 12, 1.5, 17, 9],
      },
    },
    {
      id: "street-names",
      type: "symbol",
      source,
      "source-layer": roads,
      minzoom: 13,
      filter: ["has", "name"],
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-size": 12 },
      paint: { "text-color": colours.name, "text-halo-color": colours.land, "text-halo-width": 1.2 },
    },
  ];
}
