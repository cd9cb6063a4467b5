// The map, the seat plan and the calendar with the keyboard only, in a real browser on a running platform (settings as
// in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { company, departureOf, journeys, sell, signIn } from "./support.mjs";

const visit = journeys();
/** More elements than any of these pages has before the one that is sought. */
const MANY = 150;

/** Presses Tab until an element has the focus. */
async function tabTo(page, locator) {
  for (let pressed = 0; pressed < MANY; pressed++) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the keyboard does not reach ${locator}`);
}

for (const [locale, words] of [
  ["uk", { zoomIn: "Наблизити", time: "Час", seats: "Місця", days: "Дні тижня", route: "Маршрут" }],
  ["en-GB", { zoomIn: "Zoom in", time: "Time", seats: "Seats", days: "Days of the week", route: "Route" }],
]) {
  test(`a bus is chosen on the map, and its track gone along (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await page.goto("/console/buses");
      await signIn(page, company());
      const marker = page.locator("button.bus").first();
      await marker.waitFor();
      const name = await marker.getAttribute("aria-label");
      await tabTo(page, marker);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\?bus=fms_/);
      const chosen = page.locator('button.bus[aria-pressed="true"]');
      await chosen.waitFor();
      assert.equal((await chosen.getAttribute("aria-label")).split(":")[0], name.split(":")[0]);
      const slider = page.getByRole("slider", { name: words.time });
      await page.waitForFunction(() => document.querySelector("input[type=range]:not(:disabled)"));
      await tabTo(page, slider);
      const [latest, first] = [await slider.inputValue(), await slider.getAttribute("min")];
      await page.keyboard.press("Home");
      assert.equal(await slider.inputValue(), first);
      await page.keyboard.press("End");
      assert.ok(Number(await slider.inputValue()) <= Number(latest) + 60_000);

      // The map itself: a button zooms in, and the arrow keys move it.
      const place = () =>
        page.evaluate(() => document.querySelector('button.bus[aria-pressed="true"]').getBoundingClientRect().x);
      await page.getByRole("button", { name: words.zoomIn }).focus();
      await page.keyboard.press("Enter");
      const map = page.locator("canvas.maplibregl-canvas");
      await map.focus();
      assert.ok(await map.evaluate((element) => element === document.activeElement));
      const before = await place();
      await page.keyboard.press("ArrowRight");
      await page.waitForFunction(
        (x) => document.querySelector('button.bus[aria-pressed="true"]').getBoundingClientRect().x < x - 20,
        before,
      );
      // A second activation deselects it.
      await tabTo(page, chosen);
      await page.keyboard.press("Space");
      await page.waitForURL(/\/buses$/);
    });
  });

  test(`the order of a seat is opened from the seat plan (${locale})`, async () => {
    const sold = await sell();
    await visit({ locale }, async (page) => {
      await page.goto("/console/");
      await signIn(page, company());
      const { id } = await departureOf(page, sold);
      await page.goto(`/console/departures/${id}`);
      const plan = page.getByRole("region", { name: words.seats, exact: true });
      await plan.waitFor();
      const seat = plan.getByRole("link", { name: new RegExp(sold.name) });
      const segments = page.locator("button[aria-pressed]");
      for (let i = 0; i < (await segments.count()) && (await seat.count()) === 0; i++) {
        await tabTo(page, segments.nth(i));
        await page.keyboard.press("Enter");
      }
      await tabTo(page, seat);
      // Who sits there, from where to where, and the payment: not by colour alone.
      assert.match(await seat.innerText(), new RegExp(`${sold.name}, .+ – .+, .+`));
      assert.equal(await seat.locator("svg").count(), 1);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: `Synthetic ${sold.name}` }).waitFor();
    });
  });

  test(`a day and a route of the departures are chosen (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await page.goto("/console/departures");
      await signIn(page, company());
      await page.locator(".card tr").first().waitFor();
      const days = page.getByRole("navigation", { name: words.days }).getByRole("listitem").getByRole("link");
      await tabTo(page, days.nth(2));
      await page.keyboard.press("Enter");
      await page.waitForURL(/\?day=\d{4}-\d\d-\d\d$/);
      assert.equal(await days.nth(2).getAttribute("aria-current"), "page");
      const route = page.getByRole("combobox", { name: words.route });
      await page.waitForFunction(() => document.querySelectorAll("#route option").length > 1);
      await tabTo(page, route);
      await page.keyboard.press("ArrowDown");
      await page.waitForURL(/&route=rte_/);
      const departure = page.locator(".card a[href*='/departures/dep_']").first();
      await departure.waitFor();
      await tabTo(page, departure);
      await page.keyboard.press("Enter");
      await page.getByRole("region", { name: words.seats, exact: true }).waitFor();
      // The way back keeps everything.
      await page.goBack();
      await page.waitForURL(/\?day=\d{4}-\d\d-\d\d&route=rte_/);
    });
  });
}
