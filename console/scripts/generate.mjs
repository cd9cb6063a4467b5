// Generates the files that the console is compiled with and that are not in the repository: the types of the API, from
// its OpenAPI documents, and the outline of Europe.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

import { outline } from "./outline.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

for (const [from, to] of [
  ["openapi.json", "schema.d.ts"],
  ["openapi-ops.json", "schema-ops.d.ts"],
]) {
  const document = JSON.parse(readFileSync(here(`../../docs/${from}`), "utf8"));
  writeFileSync(here(`../src/lib/api/${to}`), astToString(await openapiTS(document)));
}
writeFileSync(here("../src/pages/buses/outline.geojson"), JSON.stringify(outline()));
