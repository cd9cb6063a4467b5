// Pages of lists: beyond the end, after a change of filters, and when they cannot be loaded, on a running platform
// (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { change, company, journeys, openAs, operator, sell } from "./support.mjs";

const visit = journeys();
const search = (page) => new URL(page.url()).search;
const WAYS = [
  ["uk", { status: "Статус", retry: "Спробувати ще раз" }],
  ["en-GB", { status: "Status", retry: "Try again" }],
];

test("a page beyond the end is the last one, also of failed messages", async () => {
  await sell();
  await visit({}, async (page) => {
    await openAs(page, "/console/orders?skip=100000&payment=Unpaid", company());
    await page.locator("td a").first().waitFor();
    assert.ok(!search(page).includes("skip=100000") && search(page).includes("payment=Unpaid"), search(page));
    await change(page, "/v2/today/failed-deliveries?*", (data) => Object.assign(data, { deliveries: [], total: 120 }));
    await page.goto("/console/today/messages?skip=150");
    await page.waitForURL("**/today/messages?skip=100");
  });
});

for (const [locale, words] of WAYS) {
  test(`the last discount of a page is withdrawn, and the page before is shown (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      const discount = (id) => ({ id, name: `SYNTHETIC ${id}`, rule: "Percent", amount: 5, currency: null, startDate: null, endDate: null });
      let all = Array.from({ length: 51 }, (_, i) => discount(`dsc_${i}`));
      await page.route("**/v2/company/discounts?*", (route) => {
        const skip = Number(new URL(route.request().url()).searchParams.get("skip"));
        return route.fulfill({ json: { data: { discounts: all.slice(skip, skip + 50), total: all.length } } });
      });
      await page.route("**/v2/company/discounts/dsc_50", (route) => {
        all = all.slice(0, 50);
        return route.fulfill({ status: 204 });
      });
      await openAs(page, "/console/rules?skip=50", company());
      const rows = page.locator("section[aria-labelledby=discounts] li");
      await rows.filter({ hasText: "SYNTHETIC dsc_50" }).getByRole("button").last().click();
      await page.getByRole("dialog").locator("button.danger").click();
      await rows.filter({ hasText: "SYNTHETIC dsc_49" }).waitFor();
      assert.equal(search(page), "");
      assert.equal(await rows.count(), 50);
    });
  });

  test(`orders of other filters do not stand for those that cannot be read (${locale})`, async () => {
    await sell();
    await visit({ locale, expected: /ERR_FAILED/ }, async (page) => {
      await openAs(page, "/console/orders", company());
      await page.locator("td a").first().waitFor();
      await page.route("**/v2/orders?*", (route) => route.abort());
      await page.getByRole("combobox", { name: words.status }).selectOption("Canceled");
      await page.getByRole("alert").waitFor();
      assert.equal(await page.locator("td a").count(), 0);
      await page.unroute("**/v2/orders?*");
      await page.getByRole("button", { name: words.retry }).click();
      await page.locator(".problem-box").waitFor({ state: "detached" });
    });
  });
}

test("going back restores the position even if the list was shorter meanwhile", async () => {
  await visit({}, async (page) => {
    await change(page, "/v2/orders?*", (data) => (data.total = 120));
    await change(page, "/v2/orders?*status=*", (data) => (data.total = 3));
    await openAs(page, "/console/orders", company());
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("51–100 of 120").waitFor();
    await page.getByRole("combobox", { name: "Status" }).selectOption("Confirmed");
    await page.getByText("51–100 of 120").waitFor({ state: "detached" });
    await page.goBack();
    await page.getByText("51–100 of 120").waitFor();
    assert.equal(search(page), "?skip=50");
  });
});

test("a report that is asked for on another page is shown on the first one", async () => {
  await visit({}, async (page) => {
    await change(page, "/v2/reports/orders?*", (data) => (data.total = 25));
    await openAs(page, "/console/reports?skip=20", company());
    await page.getByText(/^21–25 of 25/).waitFor();
    const asked = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().includes("/v2/reports"));
    await page.getByRole("button", { name: "Last week" }).first().click();
    const { data } = await (await asked).json();
    await page.locator(`#${data.report.id}`).waitFor();
    assert.equal(search(page), "");
  });
});

test("the end of the audit trail leads back to its beginning", async () => {
  await visit({}, async (page) => {
    await page.route("**/v2/ops/audit?*", (route) => route.fulfill({ json: { data: { entries: [], next: null } } }));
    await openAs(page, "/console/ops/audit?after=gone", operator());
    await page.getByRole("navigation", { name: "Pages of the list: Audit trail" }).getByRole("link").click();
    await page.waitForURL("**/ops/audit");
  });
});

test("what cannot be undone is not offered, however many timetables were uploaded", async () => {
  await visit({}, async (page) => {
    const changed = { total: 30, canUndo: false };
    await change(page, "/v2/timetable/uploads?*", (data) => Object.assign(data, changed));
    await openAs(page, "/console/timetable", company());
    await page.getByText(/of 30$/).waitFor();
    const undo = page.getByRole("button", { name: "Undo the publication" });
    assert.equal(await undo.count(), 0);
    changed.canUndo = true;
    await page.reload();
    await undo.waitFor();
  });
});
