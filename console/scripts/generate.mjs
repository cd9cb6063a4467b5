// Makes what the console is compiled with and the repository does not keep: the types of the API, from the OpenAPI
// document beside it, and the outline of Europe.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

import { outline } from "./outline.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const document = JSON.parse(readFileSync(here("../../docs/openapi.json"), "utf8"));
writeFileSync(here("../src/lib/api/schema.d.ts"), astToString(await openapiTS(document)));
writeFileSync(here("../src/pages/buses/outline.geojson"), JSON.stringify(outline()));
