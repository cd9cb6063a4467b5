// Data of another company is not found, whatever the address asks for, on a running platform (settings as in .dev/env).
// The ids are real: those of a seat that another company of the demo has just sold.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { change, company, journeys, openAs, sell, signIn } from "./support.mjs";

const visit = journeys();
const stranger = () => sell({ seller: "demo-wisla", from: "warsaw", to: "kyiv" });

for (const [locale, words] of [
  ["uk", { missing: "Такого немає, або це належить іншій компанії.", none: "Нічого не знайдено", noDepartures: "Рейсів немає" }],
  ["en-GB", { missing: "This does not exist, or it belongs to another company.", none: "No matching orders", noDepartures: "No departures" }],
]) {
  test(`an order and a route of another company are not found (${locale})`, async () => {
    const theirs = await stranger();
    const ours = await sell();
    await visit({ locale, expected: /status of 404/ }, async (page) => {
      await openAs(page, `/console/orders/${ours.order}`, company());
      await page.getByRole("heading", { level: 1, name: `Synthetic ${ours.name}` }).waitFor();
      await page.goto(`/console/orders/${theirs.order}`);
      await page.getByRole("alert").filter({ hasText: words.missing }).waitFor();
      assert.equal(await page.getByText(theirs.name).count(), 0);
      for (const search of [theirs.name, theirs.reference, theirs.order]) {
        await page.goto(`/console/orders?search=${search}`);
        await page.getByText(words.none).waitFor();
      }
      await page.goto(`/console/orders?route=${theirs.route}`);
      await page.getByText(words.none).waitFor();
      await page.goto(`/console/departures?route=${theirs.route}`);
      await page.getByText(words.noDepartures, { exact: true }).waitFor();
      // The same addresses with our own ids find something.
      await page.goto(`/console/orders?route=${ours.route}`);
      await page.locator("td a").first().waitFor();
    });
  });

  test(`a bus of another company is not found (${locale})`, async (t) => {
    const database = process.env.DATABASE_URL;
    if (!database) return t.skip("NOT CHECKED: DATABASE_URL is not set, and no API tells of another company's buses");
    const sql = "select id from trackers where company_id <> (select id from companies where slug = 'demo-karpaty') limit 1";
    const uuid = execFileSync("psql", [database, "-qtAXc", sql], { encoding: "utf8" }).trim();
    assert.match(uuid, /^[0-9a-f-]{36}$/, "the demo has buses of another company");
    const theirs = `fms_${uuid.replaceAll("-", "")}`;
    await visit({ locale, expected: /status of 404/ }, async (page) => {
      await openAs(page, `/console/buses?bus=${theirs}`, company());
      await page.getByRole("alert").filter({ hasText: words.missing }).waitFor();
      assert.equal(await page.locator('button.bus[aria-pressed="true"]').count(), 0);
    });
  });
}

test("the filters of one workplace do not follow into another", async () => {
  const ours = await sell();
  await visit({}, async (page) => {
    const second = ({ availableAccesses }) => {
      const other = structuredClone(availableAccesses[0]);
      Object.assign(other, { companyId: "cmp_other", name: "SYNTHETIC Other Lines" });
      availableAccesses.push(other);
    };
    await change(page, "/v2/auth/login", second);
    await page.goto("/console/orders");
    await signIn(page, company());
    await page.getByRole("combobox", { name: "Status" }).selectOption("Processing");
    await page.locator("td a").first().click();
    const back = page.getByRole("main").getByRole("link", { name: "Orders", exact: true });
    assert.match(await back.getAttribute("href"), /\?status=Processing$/);
    await page.route("**/v2/auth/switch-company", async (route) => {
      const answer = await page.request.get("/v2/auth/me");
      const { data } = await answer.json();
      second(data);
      Object.assign(data.access, { companyId: "cmp_other" });
      await route.fulfill({ json: { data } });
    });
    await page.getByRole("button", { name: "Account and settings" }).click();
    await page.getByRole("button", { name: /Other Lines/ }).click();
    await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
    // By a link on the page, so that the console is not loaded again.
    await page.evaluate((path) => {
      const link = Object.assign(document.createElement("a"), { href: path, textContent: "there" });
      document.querySelector("main").append(link);
    }, `/console/orders/${ours.order}`);
    await page.getByRole("link", { name: "there" }).click();
    await page.getByRole("heading", { level: 1, name: `Synthetic ${ours.name}` }).waitFor();
    assert.match(await back.getAttribute("href"), /\/orders$/);
  });
});
