// Scheduled reports, on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, change, company, journeys, openAs } from "./support.mjs";

const visit = journeys();

for (const [locale, words] of [
  [
    "uk",
    {
      area: "Регулярні звіти",
      create: "Запланувати звіт",
      thursday: "четвер",
      recipients: "Одержувачі",
      wrong: "На адресу «nobody» не можна надіслати лист.",
      created: "Звіт заплановано.",
      weekly: /^Щотижня: понеділок (і|й|та) четвер, 07:00$/,
      next: /^Наступний: /,
      change: /^Змінити/,
      rhythm: "Коли",
      day: "День місяця",
      enabled: "Створювати ці звіти",
      save: "Зберегти",
      lastDay: "В останній день місяця о 07:00",
      off: "Вимкнено",
      remove: /^Видалити/,
      removed: "Регулярний звіт видалено.",
    },
  ],
  [
    "en-GB",
    {
      area: "Scheduled reports",
      create: "Schedule a report",
      thursday: "Thursday",
      recipients: "Recipients",
      wrong: "“nobody” is not an address that e-mail can be sent to.",
      created: "The report is scheduled.",
      weekly: "Every Monday and Thursday at 07:00",
      next: /^Next: /,
      change: /^Change/,
      rhythm: "When",
      day: "Day of the month",
      enabled: "Make these reports",
      save: "Save",
      lastDay: "On the last day of every month at 07:00",
      off: "Off",
      remove: /^Delete/,
      removed: "The scheduled report is deleted.",
    },
  ],
]) {
  test(`a report is scheduled, changed, switched off and deleted (${locale})`, async () => {
    // The API refuses a wrong address, and the browser logs that.
    await visit({ locale, expected: /status of 400/ }, async (page) => {
      await openAs(page, "/console/reports", company());
      const area = page.getByRole("region", { name: words.area });
      await area.getByRole("button", { name: words.create }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("checkbox", { name: words.thursday }).check();
      const recipients = dialog.getByRole("textbox", { name: words.recipients });
      assert.equal(await recipients.inputValue(), company().email, "one's own address is proposed");
      await recipients.fill("journey@example.com, nobody");
      await dialog.getByRole("button", { name: words.create }).click();
      await dialog.getByRole("alert").getByText(words.wrong).waitFor();
      await audit(page, "the dialog of a schedule, refused");
      await recipients.fill("journey@example.com\nbookkeeping@example.com");
      const answer = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.ok());
      await dialog.getByRole("button", { name: words.create }).click();
      const { data } = await (await answer).json();
      await page.getByText(words.created).waitFor();

      const row = page.locator(`#${data.schedule.id}`);
      await row.getByText(words.weekly, { exact: true }).waitFor();
      await row.getByText("journey@example.com, bookkeeping@example.com").waitFor();
      await row.getByText(words.next).waitFor();
      await audit(page, "a scheduled report");

      await row.getByRole("button", { name: words.change }).click();
      await dialog.getByRole("combobox", { name: words.rhythm }).selectOption("monthly");
      await dialog.getByRole("combobox", { name: words.day }).selectOption("31");
      await dialog.getByRole("checkbox", { name: words.enabled }).uncheck();
      await dialog.getByRole("button", { name: words.save }).click();
      await row.getByText(words.lastDay, { exact: true }).waitFor();
      await row.getByText(words.off, { exact: true }).waitFor();

      await row.getByRole("button", { name: words.remove }).click();
      await dialog.getByRole("button", { name: words.remove }).click();
      await page.getByText(words.removed).waitFor();
      await row.waitFor({ state: "detached" });
    });
  });
}

test("a schedule whose last report failed, and one without recipients, say so", async () => {
  await visit({}, async (page) => {
    const schedule = {
      id: "rps_1",
      period: "next7Days",
      dateField: "departureDate",
      delimiter: ";",
      decimal: ",",
      weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
      dayOfMonth: null,
      time: "05:30",
      language: "UK",
      recipients: [],
      enabled: false,
      nextRunAt: null,
      lastRun: {
        dueAt: "2026-11-23T03:30:00.000Z",
        reportId: "rpt_1",
        status: "Failed",
        failure: { reason: "NotMade", message: "The file store failed" },
      },
      createdAt: "2026-11-01T10:00:00.000Z",
    };
    await change(page, "/v2/reports/schedules?take=100", (data) => {
      data.schedules = [schedule];
      data.total = 1;
    });
    await openAs(page, "/console/reports", company());
    const row = page.locator("#rps_1");
    for (const text of ["Every day at 05:30", "The next 7 days · By day of travel", "No recipients", "Failed", "Off", "The report could not be made. Request it again above."]) {
      await row.getByText(text, { exact: true }).waitFor();
    }
    assert.equal(await row.getByText("The file store failed").count(), 0, "what the API says is for programs");
    await audit(page, "a schedule that failed");
  });
});

for (const [locale, failed, reasons] of [
  [
    "uk",
    "Не вдалося",
    {
      NotRequested: "Звіт не вдалося замовити. Створіть його самі вище.",
      NotMailed: "Звіт створено, але не всі листи надіслано. Завантажте файл вище.",
    },
  ],
  [
    "en-GB",
    "Failed",
    {
      NotRequested: "The report could not be requested. Request it yourself above.",
      NotMailed: "The report was made, but not every e-mail could be sent. Download the file above.",
    },
  ],
]) {
  test(`a scheduled report that its recipients never got says why (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      let reason = "NotRequested";
      await change(page, "/v2/reports/schedules?take=100", (data) => {
        const common = { dateField: "createdAt", delimiter: ";", decimal: ",", dayOfMonth: null, time: "07:00", language: "UK" };
        const lastRun = { dueAt: "2026-11-23T05:00:00.000Z", reportId: null, status: null, failure: { reason, message: null } };
        const weekly = { period: "lastWeek", weekdays: ["Monday"], recipients: ["a@example.com"], enabled: true };
        const times = { nextRunAt: "2026-11-30T05:00:00.000Z", createdAt: "2026-11-01T10:00:00.000Z" };
        Object.assign(data, { schedules: [{ id: "rps_2", ...common, ...weekly, ...times, lastRun }], total: 1 });
      });
      await openAs(page, "/console/reports", company());
      const row = page.locator("#rps_2");
      for (reason of ["NotRequested", "NotMailed"]) {
        await page.reload();
        await row.getByText(reasons[reason], { exact: true }).waitFor();
        await row.getByText(failed, { exact: true }).waitFor();
      }
    });
  });
}
