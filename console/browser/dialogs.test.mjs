// Dialogs whose action is under way, changes nothing, or is not needed any more, on a running platform (settings as in
// .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, change, comeBack, company, journeys, openAs, operator, sell } from "./support.mjs";

const visit = journeys();

/** Holds requests to a path until the test answers them with a status. */
async function hold(page, path) {
  let answer;
  const answered = new Promise((resolve) => (answer = resolve));
  const arrived = page.waitForRequest(path);
  await page.route(path, async (route) => route.fulfill({ status: await answered, json: { errors: [{ code: "ORDER_CONFLICT" }] } }));
  return { arrived, answer };
}

for (const [locale, words] of [
  ["uk", { cancel: "Скасувати замовлення", keep: "Залишити замовлення", conflict: /Замовлення тим часом змінилося/ }],
  ["en-GB", { cancel: "Cancel the order", keep: "Keep the order", conflict: /The order has changed in the meantime/ }],
]) {
  test(`a deed that is under way is not left, and its failure is shown to a user who leaves all the same (${locale})`, async () => {
    const { order } = await sell();
    await visit({ locale, expected: /status of 409/ }, async (page) => {
      await openAs(page, "/console/orders", company());
      await page.locator(`a[href$="${order}"]`).click();
      const dialog = page.getByRole("dialog");
      const path = `**/v2/orders/${order}/cancel`;
      const begin = async () => {
        await page.getByRole("button", { name: words.cancel }).click();
        const { arrived, answer } = await hold(page, path);
        await dialog.getByRole("button", { name: words.cancel }).click();
        await arrived;
        return answer;
      };
      const stay = await begin();
      await dialog.getByRole("button", { name: words.keep }).click({ force: true });
      await page.keyboard.press("Escape");
      assert.equal(await dialog.count(), 1);
      stay(409);
      await dialog.getByRole("alert").filter({ hasText: words.conflict }).waitFor();
      await dialog.getByRole("button", { name: words.keep }).click();
      await page.unroute(path);

      const leave = await begin();
      await page.goBack();
      await dialog.waitFor({ state: "detached" });
      leave(409);
      await page.locator(".notice.bad").filter({ hasText: words.conflict }).waitFor();
    });
  });
}

for (const [locale, words] of [
  ["uk", { move: "Перенести", nothing: "Виберіть інший день або вкажіть іншого пасажира." }],
  ["en-GB", { move: "Move", nothing: "Choose another day, or someone else." }],
]) {
  test(`an order is not moved to where it is (${locale})`, async () => {
    const { order } = await sell();
    await visit({ locale }, async (page) => {
      const sent = [];
      page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
      await openAs(page, `/console/orders/${order}`, company());
      await page.getByRole("button", { name: words.move }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: words.move }).click();
      await dialog.getByRole("alert").filter({ hasText: words.nothing }).waitFor();
      assert.equal(sent.filter((url) => url.includes("/move")).length, 0);
      await audit(page, "a move that changes nothing");
    });
  });
}

for (const [locale, words] of [
  ["uk", { retry: "Виконати знову", gone: "Таких завдань уже немає." }],
  ["en-GB", { retry: "Run again", gone: "None of these jobs are left." }],
]) {
  test(`dead jobs that somebody else has dealt with are not asked about any more (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      const at = new Date().toISOString();
      const group = { queue: "email", kind: "email.send", error: "connection refused", count: 3, firstAt: at, lastAt: at };
      let errors = [{ ...group, latestJobId: "01980c6a5f0e7d8c9b3a2f1e0d4c5b6a" }];
      await change(page, "/v2/ops/job-errors", (data) => (data.errors = errors));
      await openAs(page, "/console/ops/jobs", operator());
      await page.getByRole("button", { name: words.retry }).click();
      await page.getByRole("dialog").waitFor();
      errors = [];
      await comeBack(page);
      await page.getByText(words.gone).waitFor();
      assert.equal(await page.getByRole("dialog").count(), 0);
    });
  });
}
