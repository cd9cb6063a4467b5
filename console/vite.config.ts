import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin, ProxyOptions } from "vite";
import { defineConfig } from "vitest/config";

import { CONTENT_SECURITY_POLICY } from "./scripts/policy.mjs";

/** Where the API is, for `npm run dev` and `npm run preview`. */
const api = process.env.API_URL ?? "http://127.0.0.1:8080";

/**
 * The API behind the console's own origin, as in production, so that cookies are same-origin. The API accepts changes
 * only from its own origin, therefore the proxy sends that.
 */
const toApi: ProxyOptions = { target: api, changeOrigin: true, headers: { origin: api } };
const proxy = { "/v2": toApi, "/files": toApi };
const headers = { "content-security-policy": CONTENT_SECURITY_POLICY };

/** Parts of Svelte that nothing here uses, and that bundlers keep unless they are told that importing them does nothing. */
const UNUSED = /svelte\/src\/(internal\/client\/dom\/elements\/custom-element|legacy\/legacy-client)\./;

const withoutUnused: Plugin = {
  name: "without-unused",
  transform: (code, id) => (UNUSED.test(id) ? { code, map: null, moduleSideEffects: false } : undefined),
};

/** What the first page needs. */
const BASE = new RegExp(
  "node_modules/(svelte|esm-env)/" +
    "|src/lib/(api/(client|failure|request)|i18n/(index|fill)|next|rights|router|session|theme)\\." +
    "|src/lib/ui/(Icon|Mark|Notices|Title|icons|notices)\\." +
    "|src/pages/workplace\\.",
);

export default defineConfig({
  base: "/console/",
  assetsInclude: ["**/*.geojson"],
  plugins: [svelte(), withoutUnused],
  build: {
    // The browsers that know `light-dark()`.
    target: ["chrome123", "firefox120", "safari17.5"],
    // Everything is a file of this origin: the policy allows nothing else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // Few files instead of two dozen small ones: what every page needs, what pages share after sign-in, and what
        // only some of them need: failures, lists, dialogs.
        codeSplitting: {
          groups: [
            { name: "base", test: BASE, priority: 2 },
            { name: "problem", test: /src\/lib\/(explain|ui\/Problem)\./, priority: 2 },
            { name: "list", test: /src\/lib\/ui\/(Empty|Pager)\./, priority: 2 },
            { name: "dialog", test: /src\/lib\/(api\/idempotent|ui\/(Dialog|Field))\./, priority: 2 },
            { name: "shared", test: /src\/lib\//, minShareCount: 2, priority: 1 },
            { name: "departures", test: /src\/pages\/departures\//, minShareCount: 2 },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
  server: { proxy },
  preview: { proxy, headers, port: Number(process.env.PORT ?? 4173), host: "127.0.0.1" },
  test: { include: ["tests/**/*.test.ts"] },
});
