// Rules and prices of a company, and the usage of a partner, on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, change, company, journeys, LANGUAGES, openAs, partner } from "./support.mjs";

const visit = journeys();

for (const [locale, words] of [
  [
    "uk",
    {
      refunds: "Повернення коштів",
      add: "Додати рядок",
      hours: "Годин до посадки, від",
      back: "Повертається",
      save: "Зберегти",
      saved: "Збережено.",
      at: "За скільки годин до посадки скасовано",
      price: "Ціна квитка",
      result: /повертається 700.UAH/,
      kept: /вам залишається 300.UAH/,
      remove: "Прибрати рядок 1",
    },
  ],
  [
    "en-GB",
    {
      refunds: "Refunds",
      add: "Add a line",
      hours: "Hours before boarding, from",
      back: "Refunded",
      save: "Save",
      saved: "Saved.",
      at: "Hours before boarding at which it is canceled",
      price: "Price of the ticket",
      result: /UAH.700 is refunded/,
      kept: /You keep UAH.300/,
      remove: "Remove line 1",
    },
  ],
]) {
  test(`a refund rule is tried in the example, saved and removed again (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/rules", company());
      const refunds = page.getByRole("region", { name: words.refunds });
      await refunds.getByRole("group").first().waitFor();
      const before = await refunds.getByRole("group").count();
      await refunds.getByRole("button", { name: words.add }).click();
      const line = refunds.getByRole("group").last();
      await line.getByRole("spinbutton", { name: words.hours }).fill("500");
      await line.getByRole("spinbutton", { name: words.back, exact: true }).fill("70");
      await refunds.getByRole("spinbutton", { name: words.price }).fill("1000");
      await refunds.getByRole("slider", { name: words.at }).fill("510");
      await refunds.getByRole("status").getByText(words.result).waitFor();
      await refunds.getByRole("status").getByText(words.kept).waitFor();
      await audit(page, "rules, edited");
      await refunds.getByRole("button", { name: words.save }).click();
      await page.getByText(words.saved).waitFor();
      await page.reload();
      const first = refunds.getByRole("group").first();
      await first.waitFor();
      assert.equal(await first.getByRole("spinbutton", { name: words.hours }).inputValue(), "500");
      await refunds.getByRole("button", { name: words.remove }).click();
      await refunds.getByRole("button", { name: words.save }).click();
      await page.getByText(words.saved).waitFor();
      await page.reload();
      await first.waitFor();
      assert.equal(await refunds.getByRole("group").count(), before);
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`two lines with the same hours are not saved (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/rules", company());
      const refunds = page.getByRole("region", { name: say("Повернення коштів", "Refunds") });
      const hours = refunds.getByRole("spinbutton", { name: say("Годин до посадки, від", "Hours before boarding, from") });
      await hours.first().waitFor();
      await hours.first().fill(await hours.nth(1).inputValue());
      await refunds.getByText(say("У двох рядках однакові години.", "Two lines have the same hours.")).waitFor();
      let isAsked = false;
      await page.route("**/v2/refund-rules", (route) => {
        isAsked = true;
        return route.continue();
      });
      await refunds.getByRole("button", { name: say("Зберегти", "Save") }).click();
      await refunds.getByRole("button", { name: say("Скасувати зміни", "Discard changes") }).click();
      await refunds.getByText(say("У двох рядках однакові години.", "Two lines have the same hours.")).waitFor({ state: "detached" });
      assert.equal(isAsked, false);
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`a discount is made, gets days and is withdrawn (${locale})`, async () => {
    await visit({ locale, expected: /status of 400/ }, async (page) => {
      const name = `Journey ${Date.now()}`;
      await openAs(page, "/console/rules", company());
      const discounts = page.getByRole("region", { name: say("Знижки", "Discounts") });
      const make = async () => {
        await discounts.getByRole("button", { name: say("Нова знижка", "New discount") }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("textbox", { name: say("Назва", "Name") }).fill(name);
        await dialog.getByRole("spinbutton", { name: say("Знижка", "Discount") }).fill("12.5");
        await audit(page, "new discount");
        await dialog.getByRole("button", { name: say("Нова знижка", "New discount") }).click();
        return dialog;
      };
      await make();
      const discount = discounts.getByRole("listitem").filter({ hasText: name });
      await discount.getByText(say("−12,5%", "−12.5%")).waitFor();
      await discount.getByText(say("Діє", "In effect")).waitFor();
      const dialog = await make();
      await dialog.getByText(say("Інша знижка вже має таку назву.", "Another discount has this name.")).waitFor();
      await page.keyboard.press("Escape");

      await discount.getByRole("button", { name: say("Змінити дні", "Change days") }).click();
      await page.getByRole("dialog").getByLabel(say("Перший день продажу", "First day of sale")).fill("2099-01-01");
      await page.getByRole("dialog").getByLabel(say("Останній день продажу", "Last day of sale")).fill("2098-01-01");
      await page.getByRole("dialog").getByRole("button", { name: say("Зберегти", "Save") }).click();
      await page.getByRole("dialog").getByText(say("Останній день настає раніше за перший.", "The last day is before the first.")).waitFor();
      await page.getByRole("dialog").getByLabel(say("Останній день продажу", "Last day of sale")).fill("2099-12-31");
      await page.getByRole("dialog").getByRole("button", { name: say("Зберегти", "Save") }).click();
      await discount.getByText(say("Ще не діє", "Not yet")).waitFor();
      await discount.getByText(say(/1 січ.*31 груд. 2099/, /1 Jan.*31 Dec 2099/)).waitFor();

      await discount.getByRole("button", { name: say("Відкликати", "Withdraw") }).click();
      await page.getByRole("dialog").getByRole("button", { name: say("Відкликати", "Withdraw") }).click();
      await discount.waitFor({ state: "detached" });
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`the cut-offs are set and taken back (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/rules", company());
      const cutoffs = page.getByRole("region", { name: say("Коли завершуються продаж і скасування", "When sales and cancellations end") });
      const minutes = cutoffs.getByRole("spinbutton", { name: say(/^За скільки хвилин/, /^Minutes before boarding/) });
      await minutes.waitFor();
      const before = await minutes.inputValue();
      await minutes.fill("1");
      await cutoffs.getByRole("radio", { name: say("не пізніше", "until some hours") }).check();
      await cutoffs.getByRole("spinbutton", { name: say("Годин до посадки", "Hours before boarding") }).fill("1");
      await cutoffs.getByRole("button", { name: say("Зберегти", "Save") }).click();
      await page.getByText(say("Збережено.", "Saved.")).waitFor();
      await page.reload();
      await minutes.waitFor();
      assert.equal(await minutes.inputValue(), "1");
      assert.equal(await cutoffs.getByRole("spinbutton", { name: say("Годин до посадки", "Hours before boarding") }).inputValue(), "1");
      // The example says who can still cancel at that time.
      await page.getByRole("slider").fill("0");
      await page.getByText(say("Партнери тоді вже не можуть скасувати квиток, а ви можете.", "Partners can no longer cancel then; you can.")).waitFor();
      await minutes.fill(before);
      await cutoffs.getByRole("radio", { name: say("будь-коли", "at any time") }).check();
      await cutoffs.getByRole("button", { name: say("Зберегти", "Save") }).click();
      await page.getByText(say("Збережено.", "Saved.")).waitFor();
    });
  });
}

for (const [locale, words] of [
  ["uk", { usage: "Використання", title: "Використання API", table: "Показники за днями", week: "7 днів", together: "Разом" }],
  ["en-GB", { usage: "Usage", title: "Usage of the API", table: "Figures by day", week: "7 days", together: "Total" }],
]) {
  test(`a partner sees what the keys were used for (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      // The usage of the demo's keys differs each time.
      const day = { looks: 40, bookings: 4, lookToBook: 10 };
      await change(page, "/v2/partner/usage?*", (data) => {
        Object.assign(data.days.at(-1), day);
        Object.assign(data.sum, day);
      });
      await openAs(page, "/console/", partner());
      await page.getByRole("navigation").getByRole("link", { name: words.usage }).click();
      await page.getByRole("heading", { level: 1, name: words.title }).waitFor();
      const table = page.getByRole("region", { name: words.table });
      await table.getByRole("row", { name: new RegExp(`^${words.together} 40 4 10 `) }).waitFor();
      assert.equal(await table.getByRole("row").count(), 32);
      await page.getByRole("button", { name: words.week }).click();
      await page.waitForURL("**/usage?days=7");
      await table.getByRole("row").nth(9).waitFor({ state: "detached" });
      assert.equal(await table.getByRole("row").count(), 9);
      await audit(page, "usage");
    });
  });
}
