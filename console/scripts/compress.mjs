// Puts a .br and a .gz beside each file of dist that gets smaller by it: made once here, sent as they are by the API.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const WORTH_IT = 512;

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  // The one page is small, and the API compresses pages itself.
  if (!entry.isFile() || !/\.(js|css|svg|geojson)$/.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const text = readFileSync(path);
  if (text.length < WORTH_IT) continue;
  const brotli = brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
  });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
}
