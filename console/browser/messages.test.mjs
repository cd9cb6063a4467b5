// Messages that could not be delivered, in a real browser on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, change, company, journeys, openAs, sell } from "./support.mjs";

const visit = journeys();

const UK = {
  line: "1 повідомлення не доставлено",
  title: "Недоставлені повідомлення",
  reason: "Пошта: Адресу або номер відхилено: чи правильні вони?",
  boards: "09:00",
  again: "Надіслати квиток ще раз",
  none: "Усі повідомлення доставлено",
};
const EN = {
  line: "1 message not delivered",
  title: "Messages not delivered",
  reason: "E-mail: The address or number was refused: is it right?",
  boards: "09:00",
  again: "Send the ticket again",
  none: "All messages are delivered",
};

for (const [locale, words] of [
  ["uk", UK],
  ["en-GB", EN],
]) {
  test(`the line of the day leads to the messages that failed, and these to their orders (${locale})`, async () => {
    const { order, reference, name } = await sell();
    await visit({ locale }, async (page) => {
      await change(page, "/v2/today", (data) => (data.failedDeliveries = 1));
      await change(page, "/v2/today/failed-deliveries?*", (data) => {
        const now = new Date().toISOString();
        const [code, reason] = ["Refused", "The mail server refused the message or its recipient."];
        const who = { orderId: order, reference, firstName: "Synthetic", lastName: name };
        // Shown in the time of the stop, in Warsaw; that of the company, in Kyiv, is an hour ahead.
        const boards = { departureDate: "2027-02-01T08:00:00.000Z", departureAt: "2027-02-01T09:00:00+01:00" };
        const what = { status: "Confirmed", event: "paid", channel: "Email", createdAt: now, ...boards };
        Object.assign(data, { deliveries: [{ ...who, ...what, code, reason }], total: 1 });
      });
      await openAs(page, "/console/today", company());
      await page.getByRole("link", { name: words.line }).click();
      await page.getByRole("heading", { level: 1, name: words.title }).waitFor();
      const message = page.getByRole("listitem").filter({ hasText: reference });
      await message.getByText(words.reason).waitFor();
      await message.getByText(words.boards).waitFor();
      await message.getByRole("button", { name: words.again }).click();
      await page.getByRole("dialog").getByRole("heading", { name: words.again }).waitFor();
      await audit(page, "a message that failed");
      await page.keyboard.press("Escape");
      await message.getByRole("link", { name }).click();
      await page.getByRole("heading", { level: 1 }).filter({ hasText: name }).waitFor();
      assert.match(page.url(), new RegExp(`/orders/${order}$`));
      await page.goBack();
      await page.getByRole("heading", { level: 1, name: words.title }).waitFor();
    });
  });
}

test("the page says so when every message was delivered", async () => {
  await visit({}, async (page) => {
    await change(page, "/v2/today/failed-deliveries?*", (data) => Object.assign(data, { deliveries: [], total: 0 }));
    await openAs(page, "/console/today/messages", company());
    await page.getByText(EN.none).waitFor();
    await audit(page, "no message failed");
  });
});
