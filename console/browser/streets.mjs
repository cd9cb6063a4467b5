// A PMTiles file (specification version 3) with one vector tile, in which one street crosses the whole world.

const varint = (value) => {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
};
/** A field of Protocol Buffers: a number, or bytes preceded by their length. */
const field = (number, value) =>
  typeof value === "number" ? [number << 3, ...varint(value)] : [(number << 3) | 2, ...varint(value.length), ...value];
const text = (value) => [...Buffer.from(value)];

/** A tile with a layer of this name: MoveTo the left edge, LineTo the right one. */
function tile(layer) {
  const zigzag = (value) => varint(value * 2);
  const line = [...varint(9), ...zigzag(0), ...zigzag(1400), ...varint(10), ...zigzag(4096), ...zigzag(0)];
  const feature = [...field(2, [0, 0]), ...field(3, 2), ...field(4, line)];
  const tags = [...field(3, text("name")), ...field(4, field(1, text("Synthetic Street")))];
  return Buffer.from(field(3, [...field(15, 2), ...field(1, text(layer)), ...field(2, feature), ...tags, ...field(5, 4096)]));
}

/** The file, and the offset of its tile. */
export function streets(layer = "roads") {
  const content = tile(layer);
  const directory = Buffer.from([1, 0, 1, ...varint(content.length), 1]);
  const metadata = Buffer.from(JSON.stringify({ vector_layers: [{ id: layer, fields: { name: "String" } }] }));
  const header = Buffer.alloc(127);
  header.write("PMTiles");
  header[7] = 3;
  const [toMetadata, toTile] = [127 + directory.length, 127 + directory.length + metadata.length];
  const numbers = [127, directory.length, toMetadata, metadata.length, 0, 0, toTile, content.length, 1, 1, 1];
  numbers.forEach((number, i) => header.writeBigUInt64LE(BigInt(number), 8 + 8 * i));
  // Clustered, nothing compressed, vector tiles, one zoom level.
  header.set([1, 1, 1, 1, 0, 0], 96);
  [-180, -85, 180, 85].forEach((degrees, i) => header.writeInt32LE(degrees * 1e7, 102 + 4 * i));
  return { file: Buffer.concat([header, directory, metadata, content]), toTile };
}
