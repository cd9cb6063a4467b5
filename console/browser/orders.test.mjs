// Orders are found and decided on, in a real browser on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { audit, company, firstOffer, journeys, LANGUAGES, openAs, sell } from "./support.mjs";

const visit = journeys();

for (const [locale, say] of LANGUAGES) {
  test(`an order is found by name, by phone and by number, and confirmed (${locale})`, async () => {
    const { name, phone, order } = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/orders", company());
      const search = page.getByRole("searchbox");
      for (const text of [name.toLowerCase(), `0${phone.slice(4)}`]) {
        await search.fill(text);
        await search.press("Enter");
        await page.getByText(say("Знайдено 1 замовлення.", "1 order found.")).waitFor();
        assert.equal(await page.getByRole("row").filter({ hasText: name }).count(), 1);
        assert.equal(new URL(page.url()).searchParams.get("search"), text);
      }
      await search.fill(order);
      await search.press("Enter");
      await page.getByRole("heading", { level: 1, name: `Synthetic ${name}` }).waitFor();
      await page.getByRole("button", { name: say("Підтвердити", "Confirm") }).click();
      const dialog = page.getByRole("dialog", { name: say("Підтвердити замовлення?", "Confirm the order?") });
      await dialog.getByRole("button", { name: say("Підтвердити", "Confirm") }).click();
      await page.getByText(say("Замовлення підтверджено.", "The order is confirmed.")).waitFor();
      const history = page.getByRole("region", { name: say("Історія", "History") });
      await history.getByText(say("ви", "by you"), { exact: true }).waitFor();
      assert.equal(await page.getByRole("button", { name: say("Підтвердити", "Confirm") }).count(), 0);
      // The way back leads to the list as it was.
      await page.getByRole("main").getByRole("link", { name: say("Замовлення", "Orders"), exact: true }).click();
      assert.match(page.url(), /\?search=/);
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`a ticket is sent to a corrected address, kept as PDF, and the order canceled with its refund shown (${locale})`, async () => {
    const { order } = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, `/console/orders/${order}`, company());
      await page.getByRole("button", { name: say("Підтвердити", "Confirm") }).click();
      await page.getByRole("dialog").getByRole("button", { name: say("Підтвердити", "Confirm") }).click();
      await page.getByRole("button", { name: say("Надіслати квиток ще раз", "Send the ticket again") }).click();
      const resend = page.getByRole("dialog", { name: say("Надіслати квиток ще раз", "Send the ticket again") });
      await resend.getByRole("textbox", { name: say("Виправлена пошта", "Corrected e-mail") }).fill("corrected@prexsell.example");
      await resend.getByRole("button", { name: say("Надіслати квиток ще раз", "Send the ticket again") }).click();
      await page.getByText(say("Квиток надсилається ще раз.", "The ticket is being sent again.")).waitFor();
      await page.getByRole("link", { name: "corrected@prexsell.example" }).waitFor();
      const messages = page.getByRole("region", { name: say("Повідомлення пасажирові", "Messages to the passenger") });
      await messages.getByText(say("Квиток надіслано повторно", "Ticket sent again")).first().waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: say("Квиток, PDF", "Ticket, PDF") }).click(),
      ]);
      assert.match(readFileSync(await download.path(), "latin1"), /^%PDF-/);
      await page.getByRole("button", { name: say("Скасувати замовлення", "Cancel the order") }).click();
      const cancel = page.getByRole("dialog", { name: say("Скасувати замовлення?", "Cancel the order?") });
      await cancel.getByText(say("Замовлення не оплачено: повертати нічого.", "The order is not paid: nothing is refunded.")).waitFor();
      await audit(page, "cancellation");
      await cancel.getByRole("button", { name: say("Скасувати замовлення", "Cancel the order") }).click();
      await page.getByText(say("Замовлення скасовано.", "The order is canceled.")).waitFor();
      await page.getByRole("region", { name: say("Історія", "History") }).getByText(say("Скасовано", "Canceled")).waitFor();
      assert.equal(await page.getByRole("button", { name: say("Скасувати замовлення", "Cancel the order") }).count(), 0);
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`a search that fits too many orders asks for a day (${locale})`, async () => {
    await visit({ locale, expected: /status of 400/ }, async (page) => {
      const details = { field: "search", constraint: "specific" };
      const errors = [{ message: "finds too many", code: "VALIDATION_ERROR", errorCode: "VALIDATION_ERROR", details }];
      await page.route("**/v2/orders?*search=*", (route) => route.fulfill({ status: 400, json: { errors } }));
      await openAs(page, "/console/orders?search=a", company());
      await page.getByText(say("Виберіть день відправлення", "Choose a day of departure")).waitFor();
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`an order is rejected with a reason, which the history keeps (${locale})`, async () => {
    const { order } = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, `/console/orders/${order}`, company());
      await page.getByRole("button", { name: say("Відхилити", "Reject") }).click();
      await page.getByRole("textbox", { name: say("Причина", "Reason") }).fill("The bus is in repair");
      await page.getByRole("dialog").getByRole("button", { name: say("Відхилити", "Reject") }).click();
      await page.getByRole("region", { name: say("Історія", "History") }).getByText("The bus is in repair").waitFor();
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`an unknown order, or one of another company, is not found (${locale})`, async () => {
    await visit({ locale, expected: /status of 404/ }, async (page) => {
      await page.goto("/console/orders/ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a");
      await page.locator("#email").fill(company().email);
      await page.locator("#password").fill(company().password);
      await page.keyboard.press("Enter");
      await page.getByRole("alert").filter({ hasText: say("Такого немає", "This does not exist") }).waitFor();
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`a prepayment of at most the price is recorded, and the rest is due (${locale})`, async () => {
    const { order } = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, `/console/orders/${order}`, company());
      const record = say("Передоплата", "Prepayment");
      await page.getByRole("button", { name: record }).click();
      const dialog = page.getByRole("dialog", { name: say("Записати передоплату", "Record a prepayment") });
      await dialog.getByText(say(/^Не більше за вартість, \d+.UAH/, /^At most the price, UAH.\d+/)).waitFor();
      const amount = dialog.getByRole("spinbutton", { name: say("Сума передоплати, UAH", "Prepaid amount, UAH") });
      await amount.fill("100000");
      await dialog.getByRole("button", { name: record }).click();
      assert.ok(await amount.evaluate((field) => field.validity.rangeOverflow));
      await amount.fill("50.5");
      await audit(page, "prepayment");
      await dialog.getByRole("button", { name: record }).click();
      await page.getByText(say("Передоплату записано.", "The prepayment is recorded.")).waitFor();
      const prepaid = say("Передоплата", "Prepaid");
      await page.locator(".badges").getByText(say("Підтверджено", "Confirmed")).waitFor();
      await page.locator(".badges").getByText(prepaid).waitFor();
      const { data } = await (await page.request.get(`/v2/orders/${order}`)).json();
      assert.equal(data.order.prepaid, 50.5);
      const sums = page.getByRole("region", { name: say("Вартість", "Price") });
      const money = (sum) => new Intl.NumberFormat(locale, { style: "currency", currency: "UAH", currencyDisplay: "code" }).format(sum);
      for (const sum of [50.5, data.order.price.amount - 50.5]) await sums.getByText(money(sum), { exact: true }).waitFor();
      await page.getByRole("region", { name: say("Історія", "History") }).getByText(say("Записано передоплату", "Prepayment recorded")).waitFor();
      assert.equal(await page.getByRole("button", { name: record }).count(), 0);
    });
  });

  test(`an order is moved to another day, on which somebody else travels (${locale})`, async () => {
    const { order, day, name } = await sell();
    const { day: later } = await firstOffer(Date.parse(day));
    await visit({ locale }, async (page) => {
      await openAs(page, `/console/orders/${order}`, company());
      await page.getByRole("button", { name: say("Перенести", "Move") }).click();
      const dialog = page.getByRole("dialog", { name: say("Перенести замовлення", "Move the order") });
      const date = dialog.getByLabel(say("День відправлення", "Day of departure"));
      assert.equal(await date.inputValue(), day);
      await date.fill(later);
      await dialog.getByRole("checkbox", { name: say("Їде хтось інший", "Someone else travels") }).check();
      await dialog.getByRole("textbox", { name: say("Імʼя", "First name") }).fill("Another");
      await dialog.getByRole("textbox", { name: say("Прізвище", "Last name") }).fill(`${name}son`);
      await dialog.getByRole("textbox", { name: say("Телефон", "Phone") }).fill("+380 50 123 45 67");
      await dialog.getByRole("textbox", { name: say("Причина", "Reason") }).fill("The passenger asked");
      await audit(page, "a move");
      await dialog.getByRole("button", { name: say("Перенести", "Move") }).click();
      await page.getByText(say("Замовлення перенесено.", "The order is moved.")).waitFor();
      await page.getByRole("heading", { level: 1, name: `Another ${name}son` }).waitFor();
      const style = { weekday: "short", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
      const written = new Intl.DateTimeFormat(locale, style).format(new Date(`${later}T00:00:00Z`));
      await page.locator(".page-head").getByText(written).waitFor();
      await page.getByRole("link", { name: "+380501234567" }).waitFor();
      const history = page.getByRole("region", { name: say("Історія", "History") });
      await history.getByText(say("Перенесено", "Moved")).waitFor();
      await history.getByText("The passenger asked").waitFor();
    });
  });
}
