// The page of the day: what requires action, reports that are being made, and departures, in a real browser on a
// running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { change, company, journeys, openAs, signIn } from "./support.mjs";

const visit = journeys();

test("what needs a person is shown with its number, or that nothing does", async () => {
  await visit({}, async (page) => {
    const none = { awaitingConfirmation: 0, rejectedToday: 0, runningReports: 0 };
    const counts = { ...none, failedDeliveries: 2, rejectedTomorrow: 3, silentBuses: 1, failedSchedules: 1 };
    await change(page, "/v2/today", (data) => Object.assign(data, counts));
    await openAs(page, "/console/today", company());
    await page.getByRole("link", { name: "2 messages not delivered" }).waitFor();
    await page.getByRole("link", { name: "3 orders for tomorrow rejected" }).waitFor();
    await page.getByRole("link", { name: "1 bus is silent" }).waitFor();
    await page.getByRole("link", { name: "1 scheduled report failed" }).click();
    await page.getByRole("heading", { level: 2, name: "Scheduled reports", exact: true }).waitFor();
    await page.goBack();
    Object.assign(counts, { failedDeliveries: 0, rejectedTomorrow: 0, silentBuses: 0, failedSchedules: 0 });
    await page.reload();
    await page.getByText("Nothing needs your attention now.").waitFor();
  });
});

test("a report that is being made is shown with its progress until it is finished", async () => {
  await visit({}, async (page) => {
    await change(page, "/v2/today", (data) => (data.runningReports = 1));
    const report = { id: "rpt_1", status: "Processing", progress: 40, dateFrom: "2026-11-01", dateTo: "2026-11-30" };
    let reports = [report];
    await page.route("**/v2/reports/orders?*", (route) => route.fulfill({ json: { data: { reports, total: 1 } } }));
    await openAs(page, "/console/today", company());
    const bar = page.getByRole("progressbar");
    await bar.waitFor();
    assert.equal(await bar.getAttribute("value"), "40");
    reports = [];
    await bar.waitFor({ state: "detached" });
  });
});

for (const [locale, today] of [
  ["uk", "Сьогодні"],
  ["en-GB", "Today"],
]) {
  test(`a bus that leaves after midnight is listed on the day on which it leaves (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      const date = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Kyiv" }).format(new Date());
      const before = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
      await change(page, "/v2/departures?*", (data) => {
        const [departure] = data.departures;
        if (!departure) return;
        // 24:30 of the service day before.
        Object.assign(departure, { id: "dep_night", date: before });
        departure.from.at = `${date}T00:30:00+02:00`;
        departure.to.at = `${date}T06:30:00+02:00`;
        Object.assign(data, { departures: [departure], total: 1 });
      });
      const asked = page.waitForRequest((request) => request.url().includes(`/v2/departures?dateFrom=${before}&`));
      await openAs(page, "/console/today", company());
      await asked;
      const listed = (day) => page.getByRole("table", { name: day }).locator('tr:has(a[href$="/dep_night"]) strong');
      await listed(new RegExp(`^${today}`)).getByText("00:30", { exact: true }).waitFor();
      await page.goto(`/console/departures?day=${before}`);
      await listed(/./).getByText(/^00:30 \(\S+\)$/).waitFor();
    });
  });
}

test("busy days are listed in full, and a day that is not says so", async () => {
  await visit({}, async (page) => {
    let model;
    let total = 400;
    await page.route("**/v2/departures?*", async (route) => {
      model ??= (await (await route.fetch()).json()).data.departures[0];
      const query = new URL(route.request().url()).searchParams;
      const [day, skip] = [query.get("dateFrom"), Number(query.get("skip"))];
      const departures = Array.from({ length: Math.min(100, total - skip) }, (_, i) => ({
        ...model,
        id: `dep_${day}_${skip + i}`,
        date: day,
        from: { ...model.from, at: `${day}T10:00:00+02:00` },
        to: { ...model.to, at: `${day}T16:00:00+02:00` },
      }));
      await route.fulfill({ json: { data: { departures, total } } });
    });
    await openAs(page, "/console/today", company());
    const cut = page.getByText("Only the first 1,000 departures are shown.");
    for (const day of [/^Today,/, /^Tomorrow,/]) {
      const rows = page.getByRole("table", { name: day }).locator("tbody tr");
      await rows.first().waitFor();
      assert.equal(await rows.count(), 400);
    }
    assert.equal(await cut.count(), 0);
    total = 1001;
    await page.reload();
    await cut.waitFor();
  });
});

test("a running report that has ended meanwhile leaves no empty panel, and is counted on", async () => {
  await visit({}, async (page) => {
    let isRunning = true;
    await change(page, "/v2/today", (data) => (data.runningReports = isRunning ? 1 : 0));
    await page.route("**/v2/reports/orders?*", (route) => route.fulfill({ json: { data: { reports: [], total: 0 } } }));
    const asked = () => page.waitForRequest("**/v2/reports/orders?*");
    const [first] = await Promise.all([asked(), page.goto("/console/today").then(() => signIn(page, company()))]);
    await first.response();
    for (let times = 0; times < 2; times++) {
      await Promise.all([asked(), page.waitForResponse("**/v2/today")]);
      assert.equal(await page.getByRole("heading", { name: "Reports in progress" }).count(), 0);
    }
    isRunning = false;
    await page.waitForResponse("**/v2/today");
  });
});
