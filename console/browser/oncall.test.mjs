// What an operator on call needs: dead jobs whose number grows, and ids that link to their story, on a running platform
// (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, change, journeys, openAs, operator, sell } from "./support.mjs";

const visit = journeys();

const UK = {
  jobs: "3 завдання",
  more: "5 завдань",
  retry: "Виконати знову",
  number: "Кількість завдань",
  reason: "Причина",
  conflict: /^Нічого не зроблено: тепер їх 5\./,
  done: "Виконано для 5 завдань.",
  late: "Запізнюється: планувальник не працює",
  rate: "Виконано щохвилини за 30 хв",
};
const EN = {
  jobs: "3 jobs",
  more: "5 jobs",
  retry: "Run again",
  number: "Number of jobs",
  reason: "Reason",
  conflict: /^Nothing was done: there are 5 now\./,
  done: "Done for 5 jobs.",
  late: "Late: no scheduler runs",
  rate: "Done each minute for 30 min",
};

for (const [locale, words] of [["uk", UK], ["en-GB", EN]]) {
  test(`a group of dead jobs that grows is read again, and confirmed with its number by now (${locale})`, async () => {
    await visit({ locale, expected: /status of 409/ }, async (page) => {
      const at = new Date().toISOString();
      const group = { queue: "email", kind: "email.send", error: "connection refused", count: 3, firstAt: at, lastAt: at };
      await page.route("**/v2/ops/job-errors", (route) =>
        route.fulfill({ json: { data: { errors: [{ ...group, latestJobId: "job_1" }] } } }),
      );
      await page.route("**/v2/ops/job-batches", (route) => {
        const { count } = route.request().postDataJSON();
        if (count === group.count) return route.fulfill({ json: { data: { count } } });
        const error = { message: "not as many", code: "JOB_CONFLICT", errorCode: "JOB_CONFLICT", details: { jobs: group.count } };
        return route.fulfill({ status: 409, json: { errors: [error] } });
      });
      await openAs(page, "/console/ops/jobs", operator());
      await page.getByText(words.jobs, { exact: true }).waitFor();
      await page.getByRole("button", { name: words.retry }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("spinbutton", { name: words.number }).fill("3");
      await dialog.getByRole("textbox", { name: words.reason }).fill("The server is back");
      group.count = 5;
      await dialog.getByRole("button", { name: words.retry }).click();
      await dialog.getByText(words.conflict).waitFor();
      await audit(page, "as many by now");
      await page.getByText(words.more, { exact: true }).waitFor();
      await dialog.getByRole("spinbutton", { name: words.number }).fill("5");
      await dialog.getByRole("button", { name: words.retry }).click();
      await page.getByText(words.done).waitFor();
    });
  });

  test(`the ids of a story lead to their own, and a late schedule is said (${locale})`, async () => {
    const { order } = await sell();
    await visit({ locale }, async (page) => {
      await page.route("**/v2/ops/schedules", (route) => {
        const nextAt = new Date(Date.now() - 600_000).toISOString();
        return route.fulfill({ json: { data: { schedules: [{ name: "order_sweep", nextAt }] } } });
      });
      await openAs(page, `/console/ops/story?id=${order}`, operator());
      const links = page.getByRole("main").getByRole("listitem").getByRole("link");
      await links.first().waitFor();
      const id = await links.first().innerText();
      await links.first().click();
      await page.waitForURL(`**/ops/story?id=${encodeURIComponent(id)}`);
      await page.goBack();
      await page.waitForURL(`**/ops/story?id=${order}`);
      await change(page, "/v2/ops/queues", ({ queues }) => {
        for (const queue of queues) queue.donePerMinute = Array.from({ length: 30 }, (_, minute) => minute);
      });
      await page.goto("/console/ops");
      await page.getByRole("img", { name: `${words.rate}: 20, 21, 22, 23, 24, 25, 26, 27, 28, 29` }).first().waitFor();
      await page.getByText(words.late).waitFor();
      assert.ok((await page.getByRole("region").count()) >= 3);
    });
  });
}
