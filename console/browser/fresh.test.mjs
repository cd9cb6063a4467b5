// A page that stays open is kept up to date: it moves on to the next day, shows new data, and refreshes at once when
// the user comes back to it, on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { comeBack, company, journeys, openAs } from "./support.mjs";

const visit = journeys();
const DAY = 86_400_000;

/** Makes the API answer with another date, or with none. */
const dated = (page, date, path = "**/v2/**", changed = () => {}) =>
  page.route(path, async (route) => {
    const answer = await route.fetch();
    const { date: _, ...headers } = answer.headers();
    const text = await answer.text();
    const json = text && JSON.parse(text);
    if (json) changed(json.data);
    await route.fulfill({ response: answer, headers: date ? { ...headers, date } : headers, body: json ? JSON.stringify(json) : "" });
  });

for (const [locale, words] of [
  ["uk", { today: "Сьогодні" }],
  ["en-GB", { today: "Today" }],
]) {
  test(`today is another day after midnight (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await page.clock.install();
      await dated(page);
      const start = Date.now();
      const day = (ahead) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Kyiv" }).format(start + ahead * DAY);
      await openAs(page, "/console/orders", company());
      const chip = page.locator(".quick").getByRole("button", { name: words.today });
      await chip.click();
      await page.waitForURL(`**/orders?day=${day(0)}`);
      await page.clock.fastForward(DAY);
      await page.locator('.chip[aria-pressed="true"]').filter({ hasText: words.today }).waitFor({ state: "detached" });
      await chip.click();
      await page.waitForURL(`**/orders?day=${day(1)}`);

      await page.getByRole("navigation").first().locator('a[href$="/departures"]').click();
      const marked = page.locator("nav a.today");
      await marked.waitFor();
      assert.match(await marked.getAttribute("href"), new RegExp(`day=${day(1)}`));
      await page.clock.fastForward(DAY);
      await page.locator(`nav a.today[href*="day=${day(2)}"]`).waitFor();
    });
  });

  test(`ages are computed by the clock of the platform (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      // To this browser, its own clock is three hours fast.
      const date = new Date(Date.now() - 3 * 3_600_000).toUTCString();
      await dated(page, date);
      await dated(page, date, "**/v2/auth/sessions?*", ({ sessions }) => {
        for (const one of sessions) one.lastUsedAt = new Date(Date.now() - 4 * 3_600_000 - 60_000).toISOString();
      });
      await openAs(page, "/console/account", company());
      await page.getByText(new RegExp(locale === "uk" ? "1 годину тому" : "1 hour ago")).first().waitFor();
      assert.equal(await page.getByText(new RegExp(locale === "uk" ? "4 години тому" : "4 hours ago")).count(), 0);
    });
  });
}

test("a page reads at once when the user comes back to it", async () => {
  await visit({}, async (page) => {
    await openAs(page, "/console/today", company());
    for (const [section, path] of [
      ["Today", "**/v2/today"],
      ["Buses", "**/v2/geolocation/fms-objects?*"],
    ]) {
      await page.getByRole("navigation").getByRole("link", { name: section, exact: true }).click();
      await page.getByRole("heading", { level: 1, name: section }).waitFor();
      await page.waitForLoadState("networkidle");
      // Much shorter than the pause between two requests.
      await Promise.all([page.waitForRequest(path, { timeout: 3000 }), comeBack(page)]);
    }
  });
});

test("the track of today is continued, and its text is the latest", async () => {
  await visit({}, async (page) => {
    await page.addInitScript(() => (HTMLCanvasElement.prototype.getContext = () => null));
    const bus = { id: "fms_1", name: "Coach", busId: null, registrationNumber: "BX 0001 AA", provider: "Simulator", enabled: true };
    const position = (seconds) => {
      const at = new Date(Date.now() - seconds * 1000).toISOString();
      return { latitude: 50 - seconds / 100_000, longitude: 24, speedKmh: 50, course: 0, recordedAt: at, receivedAt: at };
    };
    const track = [position(2000), position(1000)];
    await page.route("**/v2/geolocation/fms-objects?*", (route) =>
      route.fulfill({ json: { data: { fmsObjects: [{ ...bus, lastPosition: track.at(-1) }], total: 1 } } }),
    );
    const asked = [];
    await page.route("**/v2/geolocation/fms-objects/*/positions?*", (route) => {
      const from = new URL(route.request().url()).searchParams.get("from");
      asked.push(from);
      const positions = track.filter(({ recordedAt }) => recordedAt >= from);
      return route.fulfill({ json: { data: { positions, total: positions.length } } });
    });
    await openAs(page, "/console/buses?bus=fms_1", company());
    const place = page.locator(".place");
    await place.getByText("49.9900, 24.0000").waitFor();
    const known = track.at(-1).recordedAt;
    track.push(position(0));
    await comeBack(page);
    await place.getByText("50.0000, 24.0000").waitFor();
    // Known positions are not read again.
    assert.equal(asked.at(-1), known);
    // A chosen moment stays.
    await page.getByRole("slider").press("Home");
    await place.getByText("49.9800, 24.0000").waitFor();
  });
});
