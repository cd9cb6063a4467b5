// What people come for, in a real browser on a running platform (settings as in .dev/env), with the clicks counted.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { audit, change, company, launch, partner, sell, serve, signIn, visit as during } from "./support.mjs";

let browser, server;
before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const visit = (options, journey) => during(browser, server.url, options, journey);

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

test("a bus is on the map one click after sign-in", async () => {
  await visit({}, async (page) => {
    await page.goto("/console/");
    await signIn(page, company());
    await page.getByRole("navigation").getByRole("link", { name: "Buses" }).click();
    const tracking = page.getByRole("switch").first();
    await tracking.waitFor();
    if ((await tracking.getAttribute("aria-checked")) !== "true") await tracking.click();
    await page.locator("button.bus").first().waitFor();
    const canvas = page.locator("canvas.maplibregl-canvas");
    await canvas.waitFor();
    await page.locator("button.bus").last().click();
    assert.match(page.url(), /\?bus=fms_/);
    await page.waitForTimeout(700);
  });
});

test("without WebGL the list says all", async () => {
  await visit({}, async (page) => {
    await page.addInitScript(() => (HTMLCanvasElement.prototype.getContext = () => null));
    await page.goto("/console/buses");
    await signIn(page, company());
    await page.getByText("This browser draws no maps").waitFor();
    assert.ok((await page.getByRole("switch").count()) > 0);
    const scripts = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.ok(!scripts.some((name) => name.includes("BusMap")));
  });
});

test("sign-in and the sections work with the keyboard only", async () => {
  await visit({}, async (page) => {
    await page.goto("/console/reports");
    await page.locator("#email").waitFor();
    await page.keyboard.type(company().email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(company().password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Reports" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    for (let tabs = 0; tabs < 12 && (await focused()) !== "Buses"; tabs++) await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Buses" }).waitFor();
    // The link past the sections leads to the content.
    for (let tabs = 0; tabs < 20 && (await focused()) !== "Skip to the content"; tabs++) await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "content");
  });
});

test("a wrong password is said, and nothing else", async () => {
  await visit({}, async (page) => {
    await page.goto("/console/");
    await page.locator("#email").fill(`nobody-${Date.now()}@prexsell.example`);
    await page.locator("#password").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "E-mail or password is wrong." }).waitFor();
  });
});

test("a deep link with filters survives sign-in, and sign-out ends it", async () => {
  await visit({}, async (page) => {
    await page.goto("/console/orders?status=Confirmed&payment=Paid");
    await signIn(page, company());
    assert.match(page.url(), /\/console\/orders\?status=Confirmed&payment=Paid$/);
    assert.equal(await page.locator("#status").inputValue(), "Confirmed");
    await page.locator("button.opener").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.locator("#email").waitFor();
    await page.goto("/console/orders");
    await page.locator("#email").waitFor();
  });
});

test("a session whose access token ended is renewed without a word", async () => {
  await visit({}, async (page, context) => {
    await page.goto("/console/orders");
    await signIn(page, company());
    await context.clearCookies({ name: "backoffice_access_token" });
    const renewed = page.waitForResponse((answer) => answer.url().includes("/v2/reports/orders") && answer.ok());
    await page.getByRole("navigation").getByRole("link", { name: "Reports" }).click();
    await renewed;
    assert.ok((await context.cookies()).some(({ name }) => name === "backoffice_access_token"));
    // Without either token there is nothing to renew.
    await context.clearCookies();
    await page.getByRole("navigation").getByRole("link", { name: "Orders" }).click();
    await page.locator("#email").waitFor();
    assert.match(page.url(), /next=%2Forders/);
  });
});

test("a partner makes a key, sees it once, and revokes it", async () => {
  await visit({}, async (page) => {
    await page.goto("/console/");
    await signIn(page, partner());
    const name = `Journey ${Date.now()}`;
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("dialog").getByRole("button", { name: "New key" }).click();
    assert.match(await page.locator("code.key").innerText(), /^pxs_/);
    await page.getByRole("button", { name: "I have kept it" }).click();
    await page.getByRole("button", { name: `Revoke ${name}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText(`The key “${name}” is revoked.`).waitFor();
    // Nothing of a company is shown to a partner.
    assert.equal(await page.getByRole("navigation").getByRole("link").count(), 3);
    await page.goto("/console/orders");
    await page.getByText("Your role does not allow this page.").waitFor();
  });
});

test("what a partner may do is changed, and taken back", async () => {
  await visit({}, async (page) => {
    await page.goto("/console/partners");
    await signIn(page, company());
    const cancel = page.getByRole("group", { name: /demo-two/ }).getByRole("checkbox", { name: "Cancel" });
    const before = await cancel.isChecked();
    await cancel.click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(/Saved for/).last().waitFor();
    assert.equal(await cancel.isChecked(), before);
  });
});

test("somebody with several workplaces chooses one", async () => {
  await visit({}, async (page) => {
    await change(page, "/v2/auth/pre-login", ({ availableAccesses }) => {
      const other = structuredClone(availableAccesses[0]);
      Object.assign(other, { companyId: "cmp_other", role: "ACCOUNTANT" });
      other.company.name = "SYNTHETIC Other Lines";
      availableAccesses.push(other);
    });
    await page.goto("/console/reports");
    await page.locator("#email").fill(company().email);
    await page.locator("#password").fill(company().password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Where do you work today?" }).waitFor();
    await audit(page, "choice of the workplace");
    assert.equal(await page.getByRole("listitem").count(), 2);
    await page.getByRole("button", { name: "Administrator" }).click();
    await page.getByRole("heading", { level: 1, name: "Reports" }).waitFor();
  });
});

for (const [role, sections] of [
  ["MANAGER", ["Today", "Departures", "Timetable", "Orders", "Reports", "Buses", "Rules and prices"]],
  ["DISPATCHER", ["Today", "Departures", "Orders", "Buses"]],
  ["ACCOUNTANT", ["Reports"]],
]) {
  test(`somebody in the role ${role} is shown what the role may do`, async () => {
    await visit({}, async (page) => {
      await change(page, "/v2/auth/login", ({ access }) => (access.role = role));
      await page.goto("/console/partners");
      await page.locator("#email").fill(company().email);
      await page.locator("#password").fill(company().password);
      await page.keyboard.press("Enter");
      await page.getByText("Your role does not allow this page.").waitFor();
      assert.deepEqual(await page.getByRole("navigation").getByRole("link").allInnerTexts(), sections);
    });
  });
}

test("the platform away at the start is said, and no sign-in is asked for", async () => {
  await visit({ expected: /status of 503/ }, async (page) => {
    await page.route("**/v2/auth/me", (route) => route.fulfill({ status: 503, json: { errors: [] } }));
    await page.goto("/console/orders");
    await page.getByText("Something went wrong on our side.").waitFor();
    await audit(page, "platform away");
    await page.unroute("**/v2/auth/me");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("#email").waitFor();
    assert.match(page.url(), /next=%2Forders/);
  });
});

test("the platform away is said, with a way to try again", async () => {
  await visit({ expected: /ERR_FAILED/ }, async (page) => {
    await page.goto("/console/reports");
    await signIn(page, company());
    await page.route("**/v2/orders?*", (route) => route.abort());
    await page.getByRole("navigation").getByRole("link", { name: "Orders" }).click();
    await page.getByText("The platform cannot be reached.").waitFor();
    await page.unroute("**/v2/orders?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("row").first().waitFor();
  });
});
