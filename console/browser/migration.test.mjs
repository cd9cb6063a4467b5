// A partner sees how far its migration from the old API is, in a real browser on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { migrating } from "./migrating.mjs";
import { audit, journeys, openAs, partner } from "./support.mjs";

const visit = journeys();

const ROUTE = "**/v2/partner/migration";
/** Opens the page with this migration in place of the demo's. */
async function show(page, migration) {
  await page.route(ROUTE, (route) => route.fulfill({ json: { data: { migration } } }));
  await openAs(page, "/console/migration", partner());
}

const UK = {
  nav: "Перехід",
  title: "Перехід зі старого API",
  calling: "Ваші програми досі викликають старий API.",
  last: /^Останній виклик: 4 дні тому\. Старий API закриється для вас .+, якщо викликів більше не буде\.$/,
  still: "Досі викликається",
  none: "Викликів не було",
  unused: "Ваші програми ніколи не викликали старий API.",
  empty: "Викликів старого API не було",
  moved: "Ваші програми не викликають старий API вже 40 днів.",
  closed: /^Старий API закрито для вас із /,
  guide: "Посібник із переходу",
  docs: "Довідник API",
};
const EN = {
  nav: "Migration",
  title: "Migration from the old API",
  calling: "Your programs still call the old API.",
  last: /^Last call: 4 days ago\. The old API closes for you on .+ if it is not called again\.$/,
  still: "Still called",
  none: "No calls",
  unused: "Your programs have never called the old API.",
  empty: "No calls to the old API",
  moved: "Your programs have not called the old API for 40 days.",
  closed: /^The old API has been closed for you since /,
  guide: "Migration guide",
  docs: "API reference",
};

for (const [locale, words] of [["uk", UK], ["en-GB", EN]]) {
  test(`a partner that still calls the old API sees what to change first (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await show(page, migrating());
      await page.getByRole("heading", { level: 1, name: words.title }).waitFor();
      await page.getByRole("heading", { level: 2, name: words.calling }).waitFor();
      await page.getByText(words.last).waitFor();
      assert.deepEqual(await page.locator("main ol time").evaluateAll((all) => all.map((one) => one.dateTime)), [
        "2026-12-01T00:00:00.000Z",
        "2027-03-01T00:00:00.000Z",
        "2027-03-01T00:00:00.000Z",
      ]);
      const rows = page.getByRole("table").getByRole("row");
      assert.equal(await rows.count(), 7);
      assert.deepEqual(await page.getByRole("rowheader").locator("code").allInnerTexts(), [
        "GET /rest/offers",
        "POST /rest/orders",
        "GET /rest/orders/{id}",
        "GET /rest/orders",
        "GET /rest/orders/{id}/refund-rules",
        "PATCH /rest/orders",
      ]);
      // The third operation was called, but not in the last 30 days.
      assert.deepEqual(await rows.filter({ hasText: words.still }).locator("th code").allInnerTexts(), [
        "GET /rest/offers",
        "POST /rest/orders",
      ]);
      assert.equal(await rows.nth(1).locator("rect").count(), 3);
      assert.equal(await rows.filter({ hasText: words.none }).count(), 3);
      assert.equal(await page.getByRole("link", { name: words.guide }).getAttribute("href"), migrating().guide);
      assert.equal(await page.getByRole("link", { name: words.docs }).getAttribute("href"), "/docs");
      await audit(page, "still called");
    });
  });

  test(`a partner that never called the old API has nothing to do (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      const { operations, ...dates } = migrating();
      await show(page, {
        ...dates,
        lastCallAt: null,
        operations: operations.map((one) => ({ ...one, calls: 0, days: [] })),
      });
      await page.getByRole("heading", { level: 2, name: words.unused }).waitFor();
      await page.getByRole("heading", { level: 2, name: words.empty }).waitFor();
      assert.equal(await page.getByRole("table").count(), 0);
      await audit(page, "never called");
    });
  });

  test(`a partner that has moved, and one whose old API is closed, see that (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      const lastCallAt = new Date(Date.now() - 40.5 * 86_400_000).toISOString();
      await show(page, { ...migrating(), lastCallAt });
      await page.getByRole("heading", { level: 2, name: words.moved }).waitFor();
      await audit(page, "moved");

      await page.unroute(ROUTE);
      const closesAt = new Date(Date.now() - 86_400_000).toISOString();
      await page.route(ROUTE, (route) =>
        route.fulfill({ json: { data: { migration: { ...migrating(), open: false, closesAt } } } }),
      );
      await page.reload();
      await page.getByRole("heading", { level: 2, name: words.closed }).waitFor();
      // No operation is called any more.
      assert.equal(await page.getByText(words.still).count(), 0);
      await audit(page, "closed");
    });
  });
}

test("the page is reached from the navigation and from the page of usage, and a failure is shown", async () => {
  await visit({ expected: /status of 500/ }, async (page) => {
    await page.route(ROUTE, (route) => route.fulfill({ status: 500, json: { errors: [] } }));
    await openAs(page, "/console/usage", partner());
    await page.getByRole("link", { name: EN.title }).click();
    await page.getByText("Something went wrong on our side.").waitFor();
    await page.unroute(ROUTE);
    await page.route(ROUTE, (route) => route.fulfill({ json: { data: { migration: migrating() } } }));
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { level: 2, name: EN.calling }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Usage of the API" }).waitFor();
    await page.getByRole("navigation").getByRole("link", { name: EN.nav }).click();
    await page.getByRole("heading", { level: 1, name: EN.title }).waitFor();
  });
});
