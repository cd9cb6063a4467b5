// The tasks of a new user, in Ukrainian, with limits on time and clicks, and what a screen reader is given, on a
// running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { company, departureOf, journeys, openAs, operator, partner, sell, turnTo } from "./support.mjs";

const visit = journeys();

/** Seconds that a task may take; a browser without a person needs only a few. */
const SECONDS = 10;

/** Does a task, and returns the clicks that it took. */
async function clicksOf(page, task) {
  await page.evaluate(() => {
    if (globalThis.clicks === undefined) addEventListener("pointerup", () => globalThis.clicks++, { capture: true });
    globalThis.clicks = 0;
  });
  const start = performance.now();
  await task();
  const seconds = (performance.now() - start) / 1000;
  assert.ok(seconds < SECONDS, `${seconds} s`);
  return page.evaluate(() => globalThis.clicks);
}

const section = (page, name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();

test("a report is downloaded with three clicks", async () => {
  await sell();
  await visit({ locale: "uk" }, async (page) => {
    await openAs(page, "/console/", company());
    const clicks = await clicksOf(page, async () => {
      await section(page, "Звіти");
      const asked = page.waitForResponse((answer) => answer.request().method() === "POST");
      await page.getByRole("button", { name: "Цей місяць" }).first().click();
      const { data } = await (await asked).json();
      const download = page.waitForEvent("download");
      await page.locator(`#${data.report.id}`).getByRole("button", { name: "Завантажити" }).click();
      await download;
    });
    assert.equal(clicks, 3);
  });
});

test("an order is found by name, by phone and by number", async () => {
  const { name, phone, reference } = await sell();
  await visit({ locale: "uk" }, async (page) => {
    await openAs(page, "/console/", company());
    for (const text of [name, phone, reference]) {
      await section(page, "Сьогодні");
      const clicks = await clicksOf(page, async () => {
        await section(page, "Замовлення");
        await page.getByRole("searchbox").fill(text);
        await page.keyboard.press("Enter");
        await page.getByRole("main").getByText(name).first().waitFor();
      });
      // The entry in the navigation; the search field is reached with its key, or with one more click.
      assert.equal(clicks, 1);
    }
  });
});

test("a bus is on the map with two clicks", async () => {
  await visit({ locale: "uk" }, async (page) => {
    await openAs(page, "/console/", company());
    const clicks = await clicksOf(page, async () => {
      await section(page, "Автобуси");
      await page.locator("canvas.maplibregl-canvas").waitFor();
      await page.locator("button.bus").first().click();
      await page.waitForURL(/\?bus=fms_/);
    });
    assert.equal(clicks, 2);
  });
});

/** Roles that must have a name. */
const NAMED = /^\s*- (button|link|textbox|searchbox|combobox|checkbox|radio|switch|slider|table|dialog|region|img)(?: \[[^\]]*\])*:?$/m;

test("a screen reader is given landmarks, one heading of the page, and names", async () => {
  const sold = await sell();
  for (const [who, paths] of [
    [company, ["/today", "/departures", "departure", "/orders", `/orders/${sold.order}`, "/reports", "/buses", "/timetable", "/rules", "/people"]],
    [partner, ["/keys", "/usage", "/migration"]],
    [operator, ["/ops", "/ops/jobs", "/ops/members", "/ops/audit"]],
  ]) {
    await visit({ locale: "uk" }, async (page) => {
      await openAs(page, "/console/", who());
      for (const path of paths) {
        const address = path === "departure" ? `/departures/${(await departureOf(page, sold)).id}` : path;
        await turnTo(page, address);
        // The map is loaded after the page.
        if (path === "/buses") await page.locator("canvas.maplibregl-canvas").waitFor();
        const tree = await page.locator("body").ariaSnapshot();
        for (const landmark of ["banner", "navigation", "main"]) assert.match(tree, new RegExp(`^- ${landmark}\\b`, "m"), `${path}: ${landmark}`);
        assert.equal(tree.match(/- heading .*\[level=1\]/g)?.length, 1, `${path}: ${tree}`);
        assert.doesNotMatch(tree, NAMED, `${path}: ${NAMED.exec(tree)?.[0]}`);
      }
    });
  }
});
