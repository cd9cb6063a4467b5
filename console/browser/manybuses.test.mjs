// A company with two hundred buses finds one of them, and the page says what is not known about a bus, on a running
// platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, change, company, journeys, openAs } from "./support.mjs";

const visit = journeys();
const BUSES = 200;
/** One in ten no longer sends positions. */
const SILENT = BUSES / 10;

const WORDS = [
  ["uk", { find: "Знайти автобус", signal: "Сигнал", silent: "Немає сигналу", none: "Автобусів не знайдено", list: "Автобуси", link: /автобус\S* не повідомля/ }],
  ["en-GB", { find: "Find a bus", signal: "Signal", silent: "No signal", none: "No matching buses", list: "Buses", link: /buses are silent/ }],
];

/** Makes the platform return two hundred buses, in pages of a hundred. */
async function showManyBuses(page) {
  const number = (i) => `BX ${String(i).padStart(4, "0")} AA`;
  const minutes = (i) => (i % 10 === 0 ? 90 : 1);
  await page.route("**/v2/geolocation/fms-objects?*", (route) => {
    const query = new URL(route.request().url()).searchParams;
    const [skip, take] = [Number(query.get("skip")), Number(query.get("take"))];
    const all = Array.from({ length: BUSES }, (_, i) => ({
      id: `fms_${i}`,
      name: `Coach ${i}`,
      busId: null,
      registrationNumber: number(i),
      provider: "Simulator",
      enabled: true,
      lastPosition: {
        latitude: 47 + (i % 20) / 5,
        longitude: 23 + i / 20,
        speedKmh: 60,
        course: 90,
        recordedAt: new Date(Date.now() - minutes(i) * 60_000).toISOString(),
        receivedAt: new Date().toISOString(),
      },
    }));
    return route.fulfill({ json: { data: { fmsObjects: all.slice(skip, skip + take), total: BUSES } } });
  });
  await page.route("**/v2/geolocation/fms-objects/*/positions?*", (route) =>
    route.fulfill({ json: { data: { positions: [], total: 0 } } }),
  );
}

for (const [locale, words] of WORDS) {
  const colorScheme = locale === "uk" ? "light" : "dark";
  test(`two hundred buses are on the map and in the list, each with its name (${locale}, ${colorScheme})`, async () => {
    await visit({ locale, colorScheme }, async (page) => {
      await showManyBuses(page);
      await openAs(page, "/console/buses", company());
      await page.locator("button.bus").nth(BUSES - 1).waitFor();
      assert.equal(await page.locator("button.bus").count(), BUSES);
      // With this number of buses, its label is not drawn.
      const marker = page.locator("button.bus").nth(10);
      assert.equal(await marker.locator("b").isVisible(), false);
      const spoken = await marker.getAttribute("aria-label");
      assert.match(spoken, /^BX 0010 AA: /);
      assert.ok(spoken.includes(words.silent), spoken);
      await audit(page, "two hundred buses");
    });
  });

  test(`a bus is found by its number, and the silent ones by their signal (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await showManyBuses(page);
      await change(page, "/v2/today", (data) => (data.silentBuses = SILENT));
      await openAs(page, "/console/today", company());
      await page.getByRole("link", { name: words.link }).click();
      await page.waitForURL("**/buses?signal=silent");
      const rows = page.getByRole("list", { name: words.list }).getByRole("listitem");
      await rows.first().waitFor();
      assert.equal(await rows.count(), SILENT);
      await page.locator("button.bus").nth(SILENT - 1).waitFor();
      assert.equal(await page.locator("button.bus").count(), SILENT);

      const find = page.getByRole("searchbox", { name: words.find });
      await find.fill("bx0017");
      await page.getByText(words.none).waitFor();
      await page.getByRole("combobox", { name: words.signal }).selectOption("");
      await rows.first().waitFor();
      assert.deepEqual(await rows.locator("strong").allInnerTexts(), ["BX 0017 AA"]);
      assert.equal(new URL(page.url()).search, "?search=bx0017");
      // A choice adds an entry to the history; typing does not.
      await page.goBack();
      await page.getByText(words.none).waitFor();
      await page.goBack();
      await page.waitForURL("**/today");
    });
  });
}

test("on a narrow screen the map comes into view with the bus that was chosen", async () => {
  await visit({ width: 320, height: 640 }, async (page) => {
    await showManyBuses(page);
    await openAs(page, "/console/buses", company());
    const row = page.getByRole("list", { name: "Buses" }).getByRole("button", { name: /BX 0150 AA/ });
    await row.scrollIntoViewIfNeeded();
    await row.click();
    await page.getByRole("slider").waitFor();
    await page.waitForFunction(() => {
      const { top, bottom } = document.querySelector("canvas.maplibregl-canvas").getBoundingClientRect();
      return top >= 56 && top < innerHeight / 2 && bottom > 0;
    });
  });
});

for (const [locale, none, failed, retry] of [
  ["uk", "Цього дня позицій немає.", "Щось пішло не так на нашому боці.", "Спробувати ще раз"],
  ["en-GB", "No positions on this day.", "Something went wrong on our side.", "Try again"],
]) {
  test(`a track that cannot be read is not a day without positions (${locale})`, async () => {
    await visit({ locale, expected: /status of 503/ }, async (page) => {
      await showManyBuses(page);
      const path = "**/v2/geolocation/fms-objects/*/positions?*";
      const fail = (route) => route.fulfill({ status: 503, json: { errors: [] } });
      await page.route(path, fail);
      await openAs(page, "/console/buses?bus=fms_7", company());
      const track = page.getByRole("slider").locator("xpath=ancestor::section");
      await track.getByText(failed).waitFor();
      assert.equal(await track.getByText(none).count(), 0);
      await audit(page, "a track that cannot be read");
      await page.unroute(path, fail);
      await track.getByRole("button", { name: retry }).click();
      await track.getByText(none).waitFor();
      assert.equal(await track.getByText(failed).count(), 0);
    });
  });
}

test("a long track is read to its end, and said in words where no map is drawn", async () => {
  await visit({}, async (page) => {
    await page.addInitScript(() => (HTMLCanvasElement.prototype.getContext = () => null));
    await showManyBuses(page);
    const start = Date.now() - 7_000_000;
    const all = Array.from({ length: 6000 }, (_, i) => {
      const at = new Date(start + i * 1000).toISOString();
      return { latitude: 48 + i / 10_000, longitude: 24, speedKmh: 50, course: 0, recordedAt: at, receivedAt: at };
    });
    const asked = [];
    await page.route("**/v2/geolocation/fms-objects/*/positions?*", (route) => {
      const query = new URL(route.request().url()).searchParams;
      const [skip, take] = [Number(query.get("skip") ?? 0), Number(query.get("take"))];
      asked.push(skip);
      return route.fulfill({ json: { data: { positions: all.slice(skip, skip + take), total: all.length } } });
    });
    await openAs(page, "/console/buses?bus=fms_7", company());
    // The last of six thousand positions: 48 + 0.5999 degrees.
    await page.getByText("48.5999, 24.0000").waitFor();
    assert.deepEqual(asked, [0, 5000]);
    const slider = page.getByRole("slider", { name: "Time" });
    await slider.press("Home");
    await page.getByText("48.0000, 24.0000").waitFor();
    await audit(page, "a track without a map");
  });
});
