// Buses are on the map, or in a list where there is no map, in a real browser on a running platform (settings as in
// .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { company, journeys, openAs } from "./support.mjs";

const visit = journeys();

test("a bus is on the map one click after sign-in", async () => {
  await visit({}, async (page) => {
    await openAs(page, "/console/", company());
    await page.getByRole("navigation").getByRole("link", { name: "Buses" }).click();
    const tracking = page.getByRole("switch").first();
    await tracking.waitFor();
    if ((await tracking.getAttribute("aria-checked")) !== "true") await tracking.click();
    await page.locator("button.bus").first().waitFor();
    const canvas = page.locator("canvas.maplibregl-canvas");
    await canvas.waitFor();
    await page.locator("button.bus").last().click();
    assert.match(page.url(), /\?bus=fms_/);
    // Errors while the map moves fail the test, so it waits until the map has stopped.
    await page.waitForFunction(() => {
      const middle = (selector) => {
        const { left, width } = document.querySelector(selector).getBoundingClientRect();
        return left + width / 2;
      };
      return Math.abs(middle('button.bus[aria-pressed="true"]') - middle("canvas.maplibregl-canvas")) < 2;
    });
  });
});

test("without WebGL the list has all information", async () => {
  await visit({}, async (page) => {
    await page.addInitScript(() => (HTMLCanvasElement.prototype.getContext = () => null));
    await openAs(page, "/console/buses", company());
    await page.getByText("This browser cannot show maps").waitFor();
    await page.getByRole("switch").first().waitFor();
    const scripts = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.ok(!scripts.some((name) => name.includes("BusMap")));
  });
});
