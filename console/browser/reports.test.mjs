// Reports are downloaded, in a real browser on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { company, journeys, sell, signIn } from "./support.mjs";

const visit = journeys();

for (const [locale, words] of [
  ["uk", { reports: "Звіти", preset: "Цей місяць", download: "Завантажити" }],
  ["en-GB", { reports: "Reports", preset: "This month", download: "Download" }],
]) {
  test(`a report is downloaded three clicks after sign-in (${locale})`, async () => {
    await sell();
    await visit({ locale }, async (page) => {
      await page.goto("/console/");
      await signIn(page, company());
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
