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

/** Parts of Svelte that nothing here uses, and that bundlers keep unless they know that importing them does nothing. */
const UNUSED = /bindings\/(input|select)\.|svelte\/src\/(internal\/client\/dom\/elements\/custom-element|legacy\/legacy-client)\./;

const withoutUnused: Plugin = {
  name: "without-unused",
  transform: (code, id) => (UNUSED.test(id) ? { code, map: null, moduleSideEffects: false } : undefined),
};

/**
 * Switches of Svelte that stay off here: without them the code that they guard is left out. Nothing is rendered on a
 * server, no component is written for Svelte 4, and no feature of Svelte that is an experiment is used.
 */
const SWITCHES = /^export let (hydrating|\w+_mode_flag) = false;$|^\t(hydrating|\w+_mode_flag) = \w+;$/gm;
const SWITCHED = /svelte\/src\/internal\/(flags\/index|client\/dom\/hydration)\.js$/;

const withoutSwitches: Plugin = {
  name: "without-switches",
  apply: "build",
  transform: (code, id) =>
    SWITCHED.test(id)
      ? { code: code.replace(SWITCHES, (_, declared) => (declared ? `export const ${declared} = false;` : "")), map: null }
      : undefined,
};

/** What every page needs: one file, since each further one costs a request and compresses less well. */
const BASE = new RegExp(
  "node_modules/(svelte|esm-env|clsx)/|preload-helper|icon.svg" +
    "|src/lib/(api/(client|failure|request|resource)|i18n/(index|fill)|configuration|dates|hold|media|next|rights|router|scroll|session|theme|time|watch)\\." +
    "|src/lib/ui/(Badge|Empty|Field|Icon|Load|Loaded|Lost|Mark|Pager|Progress|Title|clock|icons|notices)\\." +
    "|src/pages/workplace\\.",
);

export default defineConfig({
  base: "/console/",
  assetsInclude: ["**/*.geojson"],
  plugins: [svelte(), withoutUnused, withoutSwitches],
  build: {
    // The browsers that know `light-dark()`.
    target: ["chrome123", "firefox120", "safari17.5"],
    // Everything is a file of this origin: the policy allows nothing else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // Few files instead of two dozen small ones: what every page needs, and what is loaded when it is wanted:
        // failures and dialogs.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "form", test: /client\/dom\/elements\/bindings\/(input|select)\./, priority: 3 },
            { name: "base", test: BASE, priority: 2 },
            { name: "problem", test: /src\/lib\/(explain|ui\/Problem)\./, priority: 2 },
            { name: "dialog", test: /src\/lib\/(api\/idempotent|ui\/Dialog)\./, priority: 2 },
            { name: "reports", test: /src\/pages\/reports\/(?!\w+Dialog|Custom|poll)/ },
            { name: "uploads", test: /src\/pages\/timetable\/(reason|status)\./ },
            { name: "terms", test: /src\/pages\/rules\/(?!\w+Dialog)/ },
            { name: "shared", test: /src\/lib\//, minShareCount: 2, priority: 1 },
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
