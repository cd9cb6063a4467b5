// Orders are found and decided on, in a real browser on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { audit, company, journeys, sell, signIn } from "./support.mjs";

const visit = journeys();

test("an order is found by name, by phone and by number, and confirmed", async () => {
  const { name, phone, order } = await sell();
  await visit({}, async (page) => {
    await page.goto("/console/orders");
    await signIn(page, company());
    const search = page.getByRole("searchbox");
    for (const text of [name.toLowerCase(), `0${phone.slice(4)}`]) {
      await search.fill(text);
      await search.press("Enter");
      await page.getByText("1 order found.").waitFor();
      assert.equal(await page.getByRole("row").filter({ hasText: name }).count(), 1);
      assert.equal(new URL(page.url()).searchParams.get("search"), text);
    }
    await search.fill(order);
    await search.press("Enter");
    await page.getByRole("heading", { level: 1, name: `Synthetic ${name}` }).waitFor();
    await page.getByRole("button", { name: "Confirm" }).click();
    const dialog = page.getByRole("dialog", { name: "Confirm the order?" });
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("The order is confirmed.").waitFor();
    const history = page.getByRole("region", { name: "History" });
    await history.getByText("by you").waitFor();
    assert.equal(await page.getByRole("button", { name: "Confirm" }).count(), 0);
    // The way back leads to the list as it was.
    await page.getByRole("main").getByRole("link", { name: "Orders", exact: true }).click();
    assert.match(page.url(), /\?search=/);
  });
});

test("a ticket is sent to a corrected address, kept as PDF, and the order canceled with its refund shown", async () => {
  const { order } = await sell();
  await visit({}, async (page) => {
    await page.goto(`/console/orders/${order}`);
    await signIn(page, company());
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("button", { name: "Send the ticket again" }).click();
    const resend = page.getByRole("dialog", { name: "Send the ticket again" });
    await resend.getByRole("textbox", { name: "Corrected e-mail" }).fill("corrected@prexsell.example");
    await resend.getByRole("button", { name: "Send the ticket again" }).click();
    await page.getByText("The ticket is on its way again.").waitFor();
    await page.getByRole("link", { name: "corrected@prexsell.example" }).waitFor();
    const messages = page.getByRole("region", { name: "Messages to the passenger" });
    await messages.getByText("Ticket sent again").first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Ticket, PDF" }).click(),
    ]);
    assert.match(readFileSync(await download.path(), "latin1"), /^%PDF-/);
    await page.getByRole("button", { name: "Cancel the order" }).click();
    const cancel = page.getByRole("dialog", { name: "Cancel the order?" });
    await cancel.getByText("The order is not paid: nothing is refunded.").waitFor();
    await audit(page, "cancellation");
    await cancel.getByRole("button", { name: "Cancel the order" }).click();
    await page.getByText("The order is canceled.").waitFor();
    await page.getByRole("region", { name: "History" }).getByText("Canceled").waitFor();
    assert.equal(await page.getByRole("button", { name: "Cancel the order" }).count(), 0);
  });
});

test("a search that fits too many orders asks for a day", async () => {
  await visit({ expected: /status of 400/ }, async (page) => {
    const details = { field: "search", constraint: "specific" };
    const errors = [{ message: "finds too many", code: "VALIDATION_ERROR", errorCode: "VALIDATION_ERROR", details }];
    await page.route("**/v2/orders?*search=*", (route) => route.fulfill({ status: 400, json: { errors } }));
    await page.goto("/console/orders?search=a");
    await signIn(page, company());
    await page.getByText("Choose a day of departure").waitFor();
  });
});

test("an order is rejected with a reason, which the history keeps", async () => {
  const { order } = await sell();
  await visit({}, async (page) => {
    await page.goto(`/console/orders/${order}`);
    await signIn(page, company());
    await page.getByRole("button", { name: "Reject" }).click();
    await page.getByRole("textbox", { name: "Reason" }).fill("The bus is in repair");
    await page.getByRole("dialog").getByRole("button", { name: "Reject" }).click();
    await page.getByRole("region", { name: "History" }).getByText("The bus is in repair").waitFor();
  });
});

test("an order of nobody, or of another company, is not found", async () => {
  await visit({ expected: /status of 404/ }, async (page) => {
    await page.goto("/console/orders/ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a");
    await page.locator("#email").fill(company().email);
    await page.locator("#password").fill(company().password);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "There is no such thing" }).waitFor();
  });
});
