// The tasks of each role, performed by real people with that role; roles.test.mjs calls these, in both languages.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { feed, withoutStop } from "./feed.mjs";
import { change, departureOf, go, sell } from "./support.mjs";

export const UK = {
  confirm: "Підтвердити",
  confirmed: "Замовлення підтверджено.",
  close: "Закрити продаж",
  closed: "Продаж закрито",
  reopen: "Відкрити продаж",
  onSale: "У продажу",
  reason: "Причина",
  list: "Посадкова відомість",
  undelivered: "Недоставлені повідомлення",
  making: "Звіти, що готуються",
  refunds: "Повернення коштів",
  partners: "Партнери",
  schedule: "Запланувати звіт",
  scheduled: "Звіт заплановано.",
  remove: /^Видалити/,
  removed: "Регулярний звіт видалено.",
  choose: "Вибрати файл",
  rejected: "Відхилені рядки",
  month: "Цей місяць",
  download: "Завантажити",
  account: "Обліковий запис і сеанси",
  week: "7 днів",
};
export const EN = {
  confirm: "Confirm",
  confirmed: "The order is confirmed.",
  close: "Close the sale",
  closed: "Sale closed",
  reopen: "Reopen the sale",
  onSale: "On sale",
  reason: "Reason",
  list: "Passenger list",
  undelivered: "Messages not delivered",
  making: "Reports in progress",
  refunds: "Refunds",
  partners: "Partners",
  schedule: "Schedule a report",
  scheduled: "The report is scheduled.",
  remove: /^Delete/,
  removed: "The scheduled report is deleted.",
  choose: "Choose a file",
  rejected: "Rejected rows",
  month: "This month",
  download: "Download",
  account: "Account and sessions",
  week: "7 days",
};

const titled = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

/** Dispatchers confirm orders, close and reopen sales and print lists; they have no access to reports. */
export async function dispatch(page, words) {
  // On the way back: departures.test.mjs closes departures of the way there at the same time.
  const { name, ...sold } = await sell({ from: "lviv", to: "kyiv" });
  await go(page, `/orders/${sold.order}`);
  await page.getByRole("button", { name: words.confirm, exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: words.confirm }).click();
  await page.getByText(words.confirmed).waitFor();
  const { id } = await departureOf(page, sold);
  await go(page, `/departures/${id}`);
  for (const [act, after] of [[words.close, words.closed], [words.reopen, words.onSale]]) {
    await page.getByRole("button", { name: act }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: words.reason }).fill("Journey");
    await page.getByRole("dialog").getByRole("button", { name: act }).click();
    await page.locator(".page-head").getByText(after, { exact: true }).waitFor();
  }
  await page.getByRole("link", { name: words.list }).click();
  await page.getByRole("row").filter({ hasText: name }).waitFor();
  await go(page, "/today/messages");
  await titled(page, words.undelivered);
  const asked = [];
  page.on("request", (request) => request.url().includes("/v2/reports") && asked.push(request.url()));
  await change(page, "/v2/today", (data) => (data.runningReports = 1));
  await go(page, "/today");
  await page.getByRole("table").first().waitFor();
  assert.equal(await page.getByRole("heading", { name: words.making }).count(), 0);
  assert.deepEqual(asked, []);
}

/** Managers schedule reports and upload timetables; they have no access to the permissions of partners. */
export async function manage(page, words) {
  await go(page, "/rules");
  await page.getByRole("region", { name: words.refunds }).waitFor();
  assert.equal(await page.getByRole("main").getByRole("link", { name: words.partners }).count(), 0);
  await go(page, "/reports");
  await page.getByRole("button", { name: words.schedule }).click();
  const made = page.waitForResponse((answer) => answer.request().method() === "POST");
  await page.getByRole("dialog").getByRole("button", { name: words.schedule }).click();
  const { id } = (await (await made).json()).data.schedule;
  await page.getByText(words.scheduled).waitFor();
  await page.locator(`#${id}`).getByRole("button", { name: words.remove }).click();
  await page.getByRole("dialog").getByRole("button", { name: words.remove }).click();
  await page.getByText(words.removed).waitFor();
  await go(page, "/timetable");
  const buffer = feed(withoutStop);
  await page.getByLabel(words.choose).setInputFiles({ name: "feed.zip", mimeType: "application/zip", buffer });
  await page.waitForURL("**/timetable/tup_*");
  await page.getByRole("region", { name: words.rejected }).getByRole("row").last().waitFor();
}

/** Accountants download reports. */
export async function account(page, words) {
  await go(page, "/reports");
  const made = page.waitForResponse((answer) => answer.request().method() === "POST");
  await page.getByRole("button", { name: words.month }).first().click();
  const { id } = (await (await made).json()).data.report;
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(`#${id}`).getByRole("button", { name: words.download }).click(),
  ]);
  assert.match(readFileSync(await download.path(), "utf8"), /^\uFEFF"/);
  await go(page, "/account");
  await titled(page, words.account);
}

/** People of a partner read its usage, for a period of their choice. */
export async function count(page, words) {
  await go(page, "/usage");
  await page.getByRole("button", { name: words.week }).click();
  await page.waitForURL("**/usage?days=7");
  assert.equal(await page.getByRole("button", { name: words.week }).getAttribute("aria-pressed"), "true");
}
