// Reports are downloaded, in a real browser on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { audit, change, company, journeys, openAs, sell } from "./support.mjs";

const visit = journeys();

for (const [locale, words] of [
  ["uk", { reports: "Звіти", preset: "Цей місяць", download: "Завантажити" }],
  ["en-GB", { reports: "Reports", preset: "This month", download: "Download" }],
]) {
  test(`a report is downloaded three clicks after sign-in (${locale})`, async () => {
    await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/", company());
      await page.getByRole("navigation").getByRole("link", { name: words.reports }).click();
      const asked = page.waitForResponse((answer) => answer.request().method() === "POST");
      await page.getByRole("button", { name: words.preset }).first().click();
      const { data } = await (await asked).json();
      const made = page.locator(`#${data.report.id}`);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        made.getByRole("button", { name: words.download }).click(),
      ]);
      const text = readFileSync(await download.path(), "utf8");
      assert.match(download.suggestedFilename(), /\.csv$/);
      assert.match(text, new RegExp(locale === "uk" ? '^\\uFEFF"[^"]+";' : '^\\uFEFF"[^"]+",'));
    });
  });
}

// At any time, the date in at least one of the two differs from that of the company.
for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
  test(`presets are days of the company, in a browser in ${zone}`, async () => {
    await visit({ zone }, async (page) => {
      await openAs(page, "/console/reports", company());
      const answered = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().includes("/reports/"));
      await page.getByRole("button", { name: "Yesterday" }).click();
      const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Kyiv" }).format(new Date());
      const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
      const { report } = (await (await answered).json()).data;
      assert.deepEqual([report.dateFrom, report.dateTo], [yesterday, yesterday]);
    });
  });
}

test("reports are listed by their status, which is in the address", async () => {
  await visit({}, async (page) => {
    await openAs(page, "/console/reports?status=Failed", company());
    const status = page.getByRole("combobox", { name: "Status" });
    assert.equal(await status.inputValue(), "Failed");
    const asked = page.waitForRequest("**/v2/reports/orders?*status=Completed*");
    await status.selectOption("Completed");
    await asked;
    assert.equal(new URL(page.url()).search, "?status=Completed");
    await page.getByRole("button", { name: "Download" }).first().waitFor();
  });
});

for (const [locale, failed] of [
  ["uk", "Звіт не вдалося створити. Створіть його ще раз."],
  ["en-GB", "The report could not be made. Create it again."],
]) {
  test(`a report that could not be made says what to do, in the language of the page (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      const times = { createdAt: "2026-11-29T10:00:00.000Z", startedAt: "2026-11-29T10:00:01.000Z", completedAt: null };
      const days = { dateFrom: "2026-11-01", dateTo: "2026-11-30", dateField: "createdAt", format: "csv" };
      const nothing = { rowCount: null, sizeBytes: null, sha256: null, progress: 10 };
      const report = { id: "rpt_1", status: "Failed", errorMessage: "The file store failed", ...times, ...days, ...nothing };
      await change(page, "/v2/reports/orders?*", (data) => Object.assign(data, { reports: [report], total: 1 }));
      await openAs(page, "/console/reports", company());
      const row = page.locator("#rpt_1");
      await row.getByText(failed).waitFor();
      assert.equal(await row.getByText(report.errorMessage).count(), 0);
      await audit(page, "a report that failed");
    });
  });
}
