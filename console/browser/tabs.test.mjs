// Two tabs of one browser share its session: each follows what happens in the other, on a running platform (settings as
// in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { asMember } from "./members.mjs";
import { company, journeys, openAs } from "./support.mjs";

const visit = journeys();

for (const [locale, words] of [
  ["uk", { refused: "Ваша роль не дає доступу до цієї сторінки.", out: "Вийти" }],
  ["en-GB", { refused: "Your role does not allow this page.", out: "Sign out" }],
]) {
  test(`another workplace in one tab is that of the other tab, and so is its end (${locale})`, async () => {
    const act = (member) =>
      visit({ locale }, async (page, context) => {
        await page.goto("/console/");
        await page.locator("#email").fill(member.email);
        await page.locator("#password").fill(member.password);
        await page.keyboard.press("Enter");
        const places = page.locator("button.place");
        await places.first().waitFor();
        assert.equal(await places.count(), 2);
        await places.first().click();
        await page.locator("main#content h1").waitFor();
        const place = (tab) => tab.locator("button.opener .place").innerText();
        const company = await place(page);

        const other = await context.newPage();
        await other.goto("/console/orders");
        await other.getByRole("table").waitFor();
        assert.equal(await place(other), company);
        // While the other tab asks who is signed in, it no longer shows anything of the company.
        let answer;
        const held = new Promise((resolve) => (answer = resolve));
        await other.route("**/v2/auth/me", async (route) => {
          await held;
          await route.continue();
        });
        await page.locator("button.opener").click();
        await page.locator("#account-menu li button").click();
        await other.getByRole("table").waitFor({ state: "detached" });
        assert.equal(await other.locator("main#content").count(), 0);
        answer();
        await other.getByText(words.refused).waitFor();
        assert.notEqual(await place(other), company);
        assert.equal(await place(other), await place(page));

        await other.locator("button.opener").click();
        await other.getByRole("button", { name: words.out, exact: true }).click();
        await page.locator("#email").waitFor();
      });
    await asMember("company", "DISPATCHER", act, ["partner", "ACCOUNTANT"]);
  });
}

test("a tab whose workplace stays the same keeps what is written in it", async () => {
  await visit({}, async (page, context) => {
    await openAs(page, "/console/rules", company());
    const minutes = page.locator("form .short input").first();
    await minutes.waitFor();
    await minutes.fill("77");
    const other = await context.newPage();
    await other.goto("/console/sign-in/google");
    const asked = [];
    page.on("request", (request) => request.url().includes("/auth/me") && asked.push(request.url()));
    await page.evaluate(() => {
      globalThis.heard = new Promise((done) => (new BroadcastChannel("session").onmessage = done)).then(() => true);
    });
    // The message of a tab that signs in at the same place.
    await other.evaluate(async () => {
      const { user, access } = (await (await fetch("/v2/auth/me")).json()).data;
      new BroadcastChannel("session").postMessage(`${user.id} ${access.companyId}`);
    });
    assert.ok(await page.evaluate(() => globalThis.heard));
    assert.equal(await minutes.inputValue(), "77");
    assert.deepEqual(asked, []);
  });
});
