// A report while its worker is killed, and while Redis hangs: what the page shows, and that the report is made. It
// stops and kills processes, so it runs only on a stack where that is allowed (STACK_RUN: its .dev/run).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { audit, change, company, journeys, openAs, sell } from "./support.mjs";

const visit = journeys();
const folder = process.env.STACK_RUN;
const skip = folder ? false : "STACK_RUN names no stack that may be disturbed";

/** The process id of a program of the stack. */
const processOf = (name) => Number.parseInt(readFileSync(`${folder}/${name}/child`, "utf8"), 10);

/** Suspends a process, and then continues or ends it, also when something fails meanwhile. */
async function holding(name, end, act) {
  const pid = processOf(name);
  process.kill(pid, "SIGSTOP");
  try {
    await act();
  } finally {
    process.kill(pid, end);
  }
}

const UK = { preset: "Цей місяць", waits: "Чекає своєї черги", long: /^Це триває довше, ніж зазвичай\./, download: "Завантажити" };
const EN = { preset: "This month", waits: "Waiting for its turn", long: /^This is taking longer than usual\./, download: "Download" };

/** Requests a report, and returns its line on the page. */
async function ask(page, words) {
  const asked = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().includes("/v2/reports"));
  await page.getByRole("button", { name: words.preset }).first().click();
  const { data } = await (await asked).json();
  return page.locator(`#${data.report.id}`);
}

// Each of these takes long, so they share the languages.
test("a report whose worker is killed is waited for, and made", { skip }, async () => {
  await sell();
  await visit({ locale: "uk" }, async (page) => {
    await openAs(page, "/console/reports", company());
    let line;
    await holding("report_worker", "SIGKILL", async () => {
      line = await ask(page, UK);
      await line.getByRole("progressbar").waitFor();
      assert.equal(await line.getByRole("button", { name: UK.download }).count(), 0);
      await audit(page, "a report that waits");
    });
    await line.getByRole("button", { name: UK.download }).waitFor({ timeout: 60_000 });
  });
});

test("a report that is asked for while Redis is gone is made when it is back", { skip }, async () => {
  await visit({ locale: "en-GB" }, async (page) => {
    await openAs(page, "/console/reports", company());
    let line;
    await holding("redis", "SIGCONT", async () => {
      line = await ask(page, EN);
      await line.getByRole("progressbar").waitFor();
      await line.getByText(EN.waits).waitFor();
    });
    await line.getByRole("button", { name: EN.download }).waitFor({ timeout: 60_000 });
  });
});

for (const [locale, words] of [["uk", UK], ["en-GB", EN]]) {
  test(`a report that takes long says that it goes on by itself (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await change(page, "/v2/reports/orders?*", (data) => {
        const createdAt = new Date(Date.now() - 90_000).toISOString();
        const report = { ...data.reports[0], id: "rpt_stuck", status: "Processing", progress: 40, errorMessage: null, createdAt };
        data.reports = [report];
      });
      await openAs(page, "/console/reports", company());
      await page.locator("#rpt_stuck").getByText(words.long).waitFor();
    });
  });
}
