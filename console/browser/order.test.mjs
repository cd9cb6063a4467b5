// One order on the screen and on paper, and the list's filters, in a real browser on a running platform (settings as in
// .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, change, company, journeys, openAs, sell } from "./support.mjs";

const visit = journeys();

const WORDS = [
  [
    "uk",
    {
      passenger: "Пасажир",
      history: "Історія",
      cancel: "Скасувати замовлення",
      keep: "Залишити замовлення",
      resend: "Надіслати квиток ще раз",
      confirm: "Підтвердити",
      back: "Назад",
      email: "Виправлена пошта",
      refused: "На таку адресу неможливо надіслати лист.",
      route: "Маршрут",
      found: /^\d[\d\s]* замовлен/,
      search: "Пошук",
      short: "Введіть щонайменше 2 символи.",
      many: /^Підходить понад 1000 замовлень/,
    },
  ],
  [
    "en-GB",
    {
      passenger: "Passenger",
      history: "History",
      cancel: "Cancel the order",
      keep: "Keep the order",
      resend: "Send the ticket again",
      confirm: "Confirm",
      back: "Back",
      email: "Corrected e-mail",
      refused: "This is not an e-mail address that mail can be sent to.",
      route: "Route",
      found: /^[\d,]+ orders?$/,
      search: "Search",
      short: "Type at least 2 characters.",
      many: /^More than 1,000 orders match/,
    },
  ],
];

for (const [locale, words] of WORDS) {
  test(`an order is printed on A4, without what is for the screen (${locale})`, async () => {
    const sold = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, `/console/orders/${sold.order}`, company());
      await page.getByRole("region", { name: words.history }).waitFor();
      await page.emulateMedia({ media: "print" });
      for (const text of [sold.name, sold.phone, sold.reference]) await page.getByText(text).first().waitFor();
      await page.getByRole("region", { name: words.passenger, exact: true }).waitFor();
      assert.equal(await page.getByRole("navigation").count(), 0);
      assert.equal(await page.getByRole("button").count(), 0);
      assert.equal(await page.getByRole("banner").count(), 0);
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
      const pages = [...pdf.matchAll(/\/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/g)];
      assert.deepEqual(pages[0].slice(1).map(Number).map(Math.round), [595, 842]);
      assert.equal(pages.length, 1, "an order of one ticket is on one sheet");
    });
  });

  test(`a dialog is left with a word that is not the action's (${locale})`, async () => {
    const { order } = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, `/console/orders/${order}`, company());
      await page.getByRole("button", { name: words.cancel }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button").nth(1).waitFor();
      assert.deepEqual(await dialog.getByRole("button").allInnerTexts(), [words.keep, words.cancel]);
      await dialog.getByRole("button", { name: words.keep }).click();
      await dialog.waitFor({ state: "detached" });
      await page.getByRole("button", { name: words.cancel }).waitFor();
    });
  });

  test(`what is wrong with a field is said in the language of the page (${locale})`, async () => {
    const { order } = await sell();
    await visit({ locale, expected: /status of 400/ }, async (page) => {
      await openAs(page, `/console/orders/${order}`, company());
      await page.getByRole("button", { name: words.confirm, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: words.confirm }).click();
      await dialog.waitFor({ state: "detached" });
      await page.getByRole("button", { name: words.resend }).click();
      // The browser accepts a domain without a dot; no mail can be sent there.
      await dialog.getByRole("textbox", { name: words.email }).fill("nobody@nowhere");
      await dialog.getByRole("button", { name: words.resend }).click();
      await dialog.getByRole("alert").filter({ hasText: words.refused }).waitFor();
      await audit(page, "a refused address");
      await dialog.getByRole("button", { name: words.back }).click();
    });
  });

  test(`orders are filtered by a route of the company (${locale})`, async () => {
    const { route } = await sell();
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/orders?skip=50", company());
      const routes = page.getByRole("combobox", { name: words.route });
      await page.locator(`#route option[value="${route}"]`).waitFor({ state: "attached" });
      const answer = page.waitForResponse((one) => one.url().includes(`routeId=${route}`));
      await routes.selectOption(route);
      const { data } = await (await answer).json();
      assert.ok(data.total > 0);
      assert.ok(data.orders.every(({ slices }) => slices.some((slice) => slice.route.id === route)));
      // Another filter starts with its first page.
      assert.equal(new URL(page.url()).search, `?route=${route}`);
      await page.getByRole("status").filter({ hasText: words.found }).waitFor();
    });
  });

  test(`a search that is refused says why, and an emptied one begins anew (${locale})`, async () => {
    await visit({ locale, expected: /status of 400/ }, async (page) => {
      await openAs(page, "/console/orders?search=a&skip=50", company());
      await page.getByText(words.short).waitFor();
      assert.equal(await page.getByText(words.many).count(), 0);
      await page.getByRole("searchbox", { name: words.search }).fill("");
      await page.waitForURL(/\/orders$/);
      await page.locator("td a").first().waitFor();
    });
  });

  test(`an overnight order has the days of its stops, and a discount as its language writes it (${locale})`, async () => {
    const { order } = await sell();
    await visit({ locale }, async (page) => {
      await change(page, `/v2/orders/${order}?*`, (data) => {
        const [slice] = data.order.slices;
        const [first, last] = [slice.stops[0], slice.stops.at(-1)];
        Object.assign(first, { departureTime: "23:30", arrivalTime: null });
        Object.assign(last, { departureTime: null, arrivalTime: "06:15" });
        Object.assign(slice, { stops: [first, last], departureDate: "2026-06-10T23:30:00.000Z" });
        data.order.discount = { id: "dsc_1", name: "Early", rule: "Percent", amount: 12.5, startDate: null, endDate: null };
      });
      await openAs(page, `/console/orders/${order}`, company());
      const day = (date) =>
        new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(
          new Date(`${date}T00:00:00Z`),
        );
      const stops = page.getByRole("main").getByRole("listitem").filter({ hasText: /23:30|06:15/ });
      await stops.filter({ hasText: "23:30" }).filter({ hasText: day("2026-06-10") }).waitFor();
      await stops.filter({ hasText: "06:15" }).filter({ hasText: day("2026-06-11") }).waitFor();
      const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(0.125);
      await page.getByText(`(${percent})`).waitFor();
    });
  });
}
