// Streets on the map, from a file of another origin, in a real browser on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { streets } from "./streets.mjs";
import { change, company, journeys, openAs, signIn } from "./support.mjs";

const visit = journeys();
const ORIGIN = "https://tiles.example";

/**
 * Makes the platform offer this file: names it, allows its origin, and serves it; returns the ranges that are
 * requested.
 */
async function provide(page, file) {
  const asked = [];
  await change(page, "/v2/configuration", (data) => (data.mapPmtilesUrl = `${ORIGIN}/streets.pmtiles`));
  await page.route("**/console/**", async (route) => {
    if (route.request().resourceType() !== "document") return route.fallback();
    const answer = await route.fetch();
    const policy = answer.headers()["content-security-policy"].replace("connect-src 'self'", `connect-src 'self' ${ORIGIN}`);
    await route.fulfill({ response: answer, headers: { ...answer.headers(), "content-security-policy": policy } });
  });
  await page.route(`${ORIGIN}/streets.pmtiles`, (route) => {
    const range = route.request().headers().range;
    asked.push(range);
    const [from, to] = range.match(/\d+/g).map(Number);
    const headers = { "access-control-allow-origin": "*", "content-range": `bytes ${from}-${to}/${file.length}` };
    return route.fulfill({ status: 206, headers, body: file.subarray(from, to + 1) });
  });
  return asked;
}

test("streets of the file are drawn where there is one", async () => {
  await visit({}, async (page) => {
    const { file, toTile } = streets();
    const asked = await provide(page, file);
    const ofTile = page.waitForRequest((request) => request.headers().range?.startsWith(`bytes=${toTile}-`));
    await openAs(page, "/console/buses", company());
    await page.locator("canvas.maplibregl-canvas").waitFor();
    await ofTile;
    assert.ok(asked.every((range) => /^bytes=\d+-\d+$/.test(range)));
  });
});

test("a file without streets leaves the outline as it is", async () => {
  await visit({}, async (page) => {
    const { file, toTile } = streets("elevation");
    const asked = await provide(page, file);
    await page.goto("/console/buses");
    const ofMetadata = page.waitForResponse((answer) => answer.url().startsWith(ORIGIN));
    await signIn(page, company());
    await ofMetadata;
    await page.locator("button.bus").first().waitFor();
    await page.waitForLoadState("networkidle");
    assert.ok(!asked.some((range) => range.startsWith(`bytes=${toTile}-`)));
  });
});

test("without a file nothing is asked of another origin", async () => {
  await visit({}, async (page) => {
    const origins = new Set();
    page.on("request", (request) => origins.add(new URL(request.url()).origin));
    await openAs(page, "/console/buses", company());
    await page.locator("button.bus").first().waitFor();
    await page.waitForLoadState("networkidle");
    const own = new URL(page.url()).origin;
    assert.deepEqual([...origins].filter((origin) => origin !== own && origin !== "null"), []);
  });
});
