// Code that cannot be loaded, as after an update while a tab was open: the page says so in its place, on a running
// platform (settings as in .dev/env).
import { test } from "node:test";

import { change, company, journeys, openAs } from "./support.mjs";

const visit = journeys();
const expected = /ERR_FAILED|status of 503/;
const lose = (page, name) => page.route(new RegExp(`assets/${name}-[^/]*\\.js$`), (route) => route.abort());

for (const [locale, words] of [
  ["uk", { old: /^Сторінку не вдалося завантажити/, away: /^Немає звʼязку з платформою/ }],
  ["en-GB", { old: /^This page could not be loaded/, away: /^The platform cannot be reached/ }],
]) {
  test(`code that is gone is said where it would be (${locale})`, async () => {
    await visit({ locale, expected }, async (page) => {
      await change(page, "/v2/today", (data) => (data.runningReports = 1));
      for (const name of ["NotFound", "Forbidden", "RunningReports"]) await lose(page, name);
      await page.goto("/console/nothing-here");
      await page.locator("#email").fill(company().email);
      await page.locator("#password").fill(company().password);
      await page.keyboard.press("Enter");
      await page.locator("button.opener").waitFor();
      for (const path of ["/nothing-here", "/ops", "/today"]) {
        await page.goto(`/console${path}`);
        await page.getByRole("alert").filter({ hasText: words.old }).waitFor();
      }
    });
  });

  test(`a platform that is away is said, also without the code that explains it (${locale})`, async () => {
    await visit({ locale, expected }, async (page) => {
      await lose(page, "problem");
      await page.route("**/v2/auth/me", (route) => route.fulfill({ status: 503, json: { errors: [] } }));
      await page.goto("/console/orders");
      await page.getByRole("alert").filter({ hasText: words.away }).waitFor();
    });
  });
}

test("a map without the code of its streets is the outline", async () => {
  await visit({ expected }, async (page) => {
    await change(page, "/v2/configuration", (data) => (data.mapPmtilesUrl = "/nowhere.pmtiles"));
    await lose(page, "streets");
    const lost = page.waitForEvent("requestfailed", (request) => request.url().includes("/streets-"));
    await openAs(page, "/console/buses", company());
    await lost;
    await page.locator("canvas.maplibregl-canvas").waitFor();
  });
});
