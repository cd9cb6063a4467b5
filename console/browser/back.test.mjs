// The way back, headings and titles while a page loads or fails, and a platform that does not answer, in a real browser
// on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, company, journeys, openAs, sell } from "./support.mjs";

const visit = journeys();

for (const [locale, words] of [
  ["uk", { orders: "Замовлення", status: "Статус", payment: "Оплата", clear: "Очистити фільтри", waiting: "Очікують на вас" }],
  ["en-GB", { orders: "Orders", status: "Status", payment: "Payment", clear: "Clear filters", waiting: "Waiting for you" }],
]) {
  test(`the back button leads through the filters that were chosen (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/orders", company());
      await page.getByRole("combobox", { name: words.status }).selectOption("Confirmed");
      await page.getByRole("combobox", { name: words.payment }).selectOption("Paid");
      await page.getByRole("button", { name: words.clear }).click();
      const searches = [];
      for (let i = 0; i < 3; i++) {
        searches.push(new URL(page.url()).search);
        await page.goBack();
      }
      assert.deepEqual(searches, ["", "?status=Confirmed&payment=Paid", "?status=Confirmed"]);
      assert.equal(await page.getByRole("combobox", { name: words.status }).inputValue(), "");
      assert.match(page.url(), /\/orders$/);
    });
  });
}

/** Enough rows to make the list of orders longer than the screen. */
const ROWS = 16;

test("going back restores the position in the list, even if it loads late", async () => {
  for (let i = 0; i < ROWS; i++) await sell();
  await visit({ height: 500 }, async (page) => {
    await openAs(page, "/console/orders", company());
    const links = page.locator("td a");
    await links.nth(ROWS - 1).waitFor();
    const link = links.nth(ROWS - 1);
    await link.scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollBy(0, 40));
    const top = await page.evaluate(() => scrollY);
    assert.ok(top > 200, `${top} pixels`);
    await link.click();
    await page.locator(".badges").first().waitFor();
    assert.equal(await page.evaluate(() => scrollY), 0);
    await page.route("**/v2/orders?*", async (route) => {
      const answer = await route.fetch();
      await page.locator(".waiting").waitFor();
      await route.fulfill({ response: answer });
    });
    await page.goBack();
    await page.waitForFunction((wanted) => Math.abs(scrollY - wanted) < 2, top);
    // And forward again: the page of the order was left at its top.
    await page.goForward();
    await page.locator(".badges").first().waitFor();
    await page.waitForFunction(() => scrollY === 0);
  });
});

const PAGES = [
  ["/orders/ord_1", "**/v2/orders/ord_1?*", "Замовлення", "Order"],
  ["/departures/dep_1", "**/v2/departures/dep_1?*", "Рейс", "Departure"],
  ["/departures/dep_1/manifest", "**/v2/departures/dep_1/manifest?*", "Посадкова відомість", "Passenger list"],
  ["/timetable/tup_1", "**/v2/timetable/uploads/tup_1", "Завантажений розклад", "Uploaded timetable"],
];

for (const [locale, which] of [["uk", 2], ["en-GB", 3]]) {
  test(`a page has its heading and its title while it loads, and when it fails (${locale})`, async () => {
    await visit({ locale, expected: /status of 404/ }, async (page) => {
      await openAs(page, "/console/account", company());
      for (const [path, api, ...names] of PAGES) {
        const name = names[which - 2];
        let answer;
        const held = new Promise((resolve) => (answer = resolve));
        await page.route(api, async (route) => {
          await held;
          await route.fulfill({ status: 404, json: { errors: [] } });
        });
        await page.goto(`/console${path}`);
        const heading = page.getByRole("heading", { level: 1, name, exact: true });
        await heading.waitFor();
        assert.equal(await page.title(), `${name} · PREXSELL`);
        await audit(page, `${path} while it loads`);
        answer();
        await page.locator(".problem-box").first().waitFor();
        await heading.waitFor();
        assert.equal(await page.locator("h1").count(), 1);
        assert.equal(await page.title(), `${name} · PREXSELL`);
      }
    });
  });
}

test("the code of a page that arrives late does not replace the page that is shown", async () => {
  await visit({}, async (page) => {
    let release;
    const shown = new Promise((resolve) => (release = resolve));
    await page.route(/assets\/Account-.*\.js$/, async (route) => {
      await shown;
      await route.continue();
    });
    await page.goto("/console/account", { waitUntil: "commit" });
    await page.locator("#email").waitFor();
    const arrived = page.waitForResponse(/assets\/Account-.*\.js$/).then((answer) => answer.finished());
    release();
    await arrived;
    // After two frames the code has run, and its changes are on the screen.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.locator("#email").fill("somebody@example.com");
  });
});

test("a platform that does not respond is waited for until a time-out", async () => {
  await visit({}, async (page) => {
    await page.clock.install();
    await page.route("**/v2/auth/me", () => {});
    await page.goto("/console/orders");
    await page.getByText("Loading …").waitFor();
    await page.clock.fastForward(29_000);
    await page.getByText("Loading …").waitFor();
    await page.clock.fastForward(2_000);
    await page.getByText("The platform cannot be reached.").waitFor();
    await page.unroute("**/v2/auth/me");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("#email").waitFor();
  });
});
