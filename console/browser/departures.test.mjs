// The tasks of dispatchers: the day, its departures, and the list for the driver.
import assert from "node:assert/strict";
import { test } from "node:test";

import { change, company, departureOf, journeys, LANGUAGES, openAs, sell } from "./support.mjs";

const visit = journeys();

for (const [locale, words] of [
  ["uk", { today: "Сьогодні", waiting: /замовлен\S+ чека\S+ на вас/, list: "Посадкова відомість", close: "Закрити продаж", reopen: "Відкрити продаж", reason: "Причина", history: "Історія продажу", closed: "Продаж закрито", onSale: "У продажу" }],
  ["en-GB", { today: "Today", waiting: /orders? waits? for you/, list: "Passenger list", close: "Close the sale", reopen: "Reopen the sale", reason: "Reason", history: "History of the sale", closed: "Sale closed", onSale: "On sale" }],
]) {
  test(`the day begins with what waits for a person (${locale})`, async () => {
    const { name } = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/", company());
      await page.getByRole("heading", { level: 1, name: words.today }).waitFor();
      assert.match(page.url(), /\/console\/today$/);
      await page.getByRole("table").nth(1).waitFor();
      await page.getByRole("link", { name: words.waiting }).click();
      await page.waitForURL("**/orders?status=Processing");
      await page.getByRole("row").filter({ hasText: name }).waitFor();
    });
  });

  test(`the sale of a departure is closed with a reason, and reopened (${locale})`, async () => {
    const sold = await sell();
    const reason = `Journey ${Date.now()}`;
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/", company());
      const { id } = await departureOf(page, sold);
      await page.goto(`/console/departures/${id}`);
      for (const [action, after] of [[words.close, words.closed], [words.reopen, words.onSale]]) {
        await page.getByRole("button", { name: action }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("textbox", { name: words.reason }).fill(reason);
        await dialog.getByRole("button", { name: action }).click();
        await dialog.waitFor({ state: "hidden" });
        await page.locator(".page-head").getByText(after, { exact: true }).waitFor();
      }
      assert.equal(await page.getByRole("region", { name: words.history }).getByText(reason).count(), 2);
    });
  });

  test(`the passenger list has who boards, with phone, reference and what is due, on A4 (${locale})`, async () => {
    const sold = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/", company());
      const { id } = await departureOf(page, sold);
      await page.goto(`/console/departures/${id}`);
      await page.getByRole("link", { name: words.list }).click();
      const row = page.getByRole("row").filter({ hasText: sold.name });
      for (const text of [sold.phone, sold.reference, /UAH/]) await row.getByText(text).waitFor();
      await page.emulateMedia({ media: "print" });
      await row.getByText(sold.phone).waitFor();
      assert.equal(await page.getByRole("navigation").count(), 0);
      assert.equal(await page.getByRole("button").count(), 0);
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
      const [, width, height] = pdf.match(/\/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/);
      assert.deepEqual([width, height].map(Number).map(Math.round), [595, 842]);
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`departures are found by day and route, with everything in the address (${locale})`, async () => {
    const sold = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/departures", company());
      const { id, date, routeId } = await departureOf(page, sold);
      await page.goto(`/console/departures?week=${date}`);
      await page.getByRole("heading", { level: 2 }).nth(1).waitFor();
      await page.getByRole("navigation", { name: say("Дні тижня", "Days of the week") }).getByRole("link", { name: longDay(date, locale) }).click();
      await page.waitForURL(`**/departures?day=${date}`);
      await page.getByRole("combobox", { name: say("Маршрут", "Route") }).selectOption(routeId);
      assert.equal(new URL(page.url()).search, `?day=${date}&route=${routeId}`);
      const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
      // The week is shown until the day has been loaded.
      await page.getByRole("heading", { level: 2 }).nth(1).waitFor({ state: "detached" });
      await page.locator(`a[href$="${id}"]`).waitFor();
      assert.equal(await page.getByRole("heading", { level: 2 }).count(), 1);
      const shown = await rows.count();
      await page.locator(`a[href$="${id}"]`).click();
      await page.getByRole("heading", { name: say("Місця", "Seats") }).waitFor();
      // The list is as it was, after the way back by the link and by the browser.
      await page.getByRole("main").getByRole("link", { name: say("Рейси", "Departures"), exact: true }).click();
      await page.waitForURL(`**/departures?day=${date}&route=${routeId}`);
      await page.goBack();
      await page.getByRole("heading", { name: say("Місця", "Seats") }).waitFor();
      await page.goBack();
      await rows.first().waitFor();
      assert.equal(await rows.count(), shown);
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`a seat leads to its order, on the segment that was chosen (${locale})`, async () => {
    const sold = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/", company());
      const { id } = await departureOf(page, sold);
      await page.goto(`/console/departures/${id}`);
      const segment = page.getByRole("region", { name: say("Зупинки й заповненість", "Stops and load") }).getByRole("button").filter({ hasText: "/" });
      const seat = page.getByRole("region", { name: say("Місця", "Seats") }).getByRole("link", { name: new RegExp(sold.name) });
      await segment.first().waitFor();
      // The seat is sold from Kyiv to Lviv, so it is taken on at least one segment.
      for (let i = 0; i < (await segment.count()) && (await seat.count()) === 0; i++) {
        await segment.nth(i).click();
        assert.match(page.url(), /\?from=\d+$/);
        assert.equal(await segment.nth(i).getAttribute("aria-pressed"), "true");
      }
      await seat.click();
      await page.getByRole("heading", { level: 1, name: `Synthetic ${sold.name}` }).waitFor();
      await page.getByText(sold.reference).waitFor();
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`an order is found by its reference, however it is typed (${locale})`, async () => {
    const { name, reference } = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/orders", company());
      const search = page.getByRole("searchbox");
      await search.fill(` ${reference.toLowerCase()} `);
      await search.press("Enter");
      await page.getByText(say("Знайдено 1 замовлення.", "1 order found.")).waitFor();
      await page.getByRole("row").filter({ hasText: name }).getByText(reference).waitFor();
    });
  });
}

test("the bus of a departure is on the map while it is under way", async () => {
  const sold = await sell();
  await visit({}, async (page) => {
    await openAs(page, "/console/", company());
    const { id, bus } = await departureOf(page, sold);
    const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString().replace("Z", "+00:00");
    const lastPosition = { latitude: 50.45, longitude: 30.52, speedKmh: 80, course: 270, recordedAt: at(0), receivedAt: at(0) };
    await change(page, "/v2/geolocation/fms-objects?*", ({ fmsObjects }) =>
      Object.assign(fmsObjects[0], { busId: bus.id, enabled: true, lastPosition }),
    );
    await change(page, `/v2/departures/${id}?*`, ({ departure }) => {
      departure.from.at = at(-1);
      departure.to.at = at(5);
    });
    await page.goto(`/console/departures/${id}`);
    await page.locator("canvas.maplibregl-canvas").waitFor();
    await page.getByRole("link", { name: "Bus on the map" }).click();
    await page.getByRole("heading", { level: 1, name: "Buses" }).waitFor();
    assert.match(page.url(), /\?bus=fms_/);
  });
});

test("the way of a bus on a day is gone along with a slider, and its departure is one click away", async () => {
  await visit({}, async (page) => {
    await openAs(page, "/console/", company());
    const answer = await page.request.get("/v2/geolocation/fms-objects");
    const [bus] = (await answer.json()).data.fmsObjects;
    const date = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Kyiv" }).format(new Date());
    const position = (time, speedKmh) => {
      const recordedAt = `2026-06-10T${time}:00.000Z`;
      return { latitude: 50.4, longitude: 30.5 - speedKmh / 100, speedKmh, course: 270, recordedAt, receivedAt: recordedAt };
    };
    const asked = page.waitForRequest("**/positions?*");
    await page.route("**/positions?*", (route) =>
      route.fulfill({ json: { data: { positions: [position("06:00", 10), position("07:00", 90)], total: 2 } } }),
    );
    await change(page, "/v2/departures?*", ({ departures }) => {
      const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString().replace("Z", "+00:00");
      Object.assign(departures[0], { bus: { ...departures[0].bus, id: bus.busId } });
      departures[0].from.at = at(-1);
      departures[0].to.at = at(1);
    });
    await change(page, "/v2/geolocation/fms-objects?*", ({ fmsObjects }) => {
      const now = new Date().toISOString();
      Object.assign(fmsObjects[0], { enabled: true, lastPosition: { ...position("07:00", 90), recordedAt: now } });
    });
    await page.goto(`/console/buses?bus=${bus.id}&day=2026-06-10`);
    // The day is that of the company, in Kyiv.
    const { searchParams } = new URL((await asked).url());
    assert.deepEqual([searchParams.get("from"), searchParams.get("to")], [
      "2026-06-09T21:00:00.000Z",
      "2026-06-10T21:00:00.000Z",
    ]);
    const slider = page.getByRole("slider", { name: "Time" });
    await page.getByText("90 km/h").last().waitFor();
    assert.equal(await slider.getAttribute("aria-valuetext"), "10:00");
    await slider.press("Home");
    await page.getByText("10 km/h").waitFor();
    assert.equal(await slider.getAttribute("aria-valuetext"), "09:00");
    await page.getByLabel("Day", { exact: true }).fill(date);
    await page.waitForURL(`**/buses?bus=${bus.id}`);
    await page.getByRole("listitem").filter({ has: page.getByRole("switch") }).getByRole("link").first().click();
    await page.waitForURL("**/departures/dep_*");
  });
});

test("a trip that calls twice at a stop is listed with both calls", async () => {
  const sold = await sell();
  await visit({}, async (page) => {
    await openAs(page, "/console/", company());
    const { id } = await departureOf(page, sold);
    const names = [];
    await change(page, `/v2/departures/${id}/manifest?*`, ({ stops }) => {
      const again = structuredClone(stops[0]);
      again.departureAt = again.departureAt.replace(/T..:../, "T23:59");
      // A passenger gave the same number twice.
      for (const { phones } of again.passengers) phones.push({ ...phones[0] });
      stops.push(again);
      names.splice(0, names.length, ...stops.map(({ city }) => city));
    });
    for (const path of ["", "/manifest"]) {
      await page.goto(`/console/departures/${id}${path}`);
      await page.getByRole("heading", { name: /^23:59/ }).waitFor();
      const calls = page.getByRole("heading", { name: /^\d\d:\d\d/ });
      assert.equal(await calls.count(), names.length);
    }
  });
});

for (const [locale, say] of LANGUAGES) {
  test(`an unknown departure, or one of another company, is not found (${locale})`, async () => {
    await visit({ locale, expected: /status of 404/ }, async (page) => {
      await page.goto("/console/departures/dep_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a_20260610/manifest");
      await page.locator("#email").fill(company().email);
      await page.locator("#password").fill(company().password);
      await page.keyboard.press("Enter");
      await page.getByRole("alert").filter({ hasText: say("Такого немає", "This does not exist") }).waitFor();
    });
  });
}

test("on a phone the navigation opens the entries that do not fit", async () => {
  await visit({ width: 320, height: 640 }, async (page) => {
    await openAs(page, "/console/", company());
    const navigation = page.getByRole("navigation", { name: "Sections" });
    assert.equal(await navigation.getByRole("link").count(), 3);
    await navigation.getByRole("button", { name: "More" }).click();
    await navigation.getByRole("link", { name: "Partners" }).click();
    await page.getByRole("heading", { level: 1, name: "Partners" }).waitFor();
    assert.equal(await navigation.getByRole("link").count(), 3);
  });
});

/** A date as the console displays it. */
function longDay(date, locale) {
  const options = { weekday: "short", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale, options).format(new Date(`${date}T00:00:00Z`));
}
