// Minifies the scripts of dist further, and puts a .br and a .gz beside each file of 512 bytes or more: the API sends
// these as they are.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { minify } from "terser";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const WORTH_IT = 512;
/** Minified by its authors, and larger than everything else. */
const LIBRARY = /^maplibre-gl-/;

/** The bundler minifies already; a second tool saves another 2 %, half a kilobyte on every page. */
async function smaller(name, text) {
  if (!name.endsWith(".js") || LIBRARY.test(name)) return text;
  const { code } = await minify(text.toString(), { module: true, ecma: 2020, compress: { passes: 2 } });
  return Buffer.from(code);
}

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  // The only page is small, and the API compresses pages itself.
  if (!entry.isFile() || !/\.(js|css|svg|geojson)$/.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const text = await smaller(entry.name, readFileSync(path));
  writeFileSync(path, text);
  if (text.length < WORTH_IT) continue;
  const brotli = brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
  });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
}
