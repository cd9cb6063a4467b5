// People sign in, work where their role allows, and see a message when the platform does not answer, in a real browser on
// a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, change, company, journeys, LANGUAGES, signIn } from "./support.mjs";

const visit = journeys();

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
    // The link that skips the navigation leads to the content.
    for (let tabs = 0; tabs < 20 && (await focused()) !== "Skip to the content"; tabs++) await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "content");
  });
});

for (const [locale, say] of LANGUAGES) {
  test(`a wrong password is said, and nothing else (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await page.goto("/console/");
      await page.locator("#email").fill(`nobody-${Date.now()}@prexsell.example`);
      await page.locator("#password").fill("wrong");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").filter({ hasText: say("Неправильна пошта або пароль.", "E-mail or password is wrong.") }).waitFor();
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`a deep link with filters survives sign-in, and sign-out ends it (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await page.goto("/console/orders?status=Confirmed&payment=Paid");
      await signIn(page, company());
      assert.match(page.url(), /\/console\/orders\?status=Confirmed&payment=Paid$/);
      assert.equal(await page.locator("#status").inputValue(), "Confirmed");
      await page.locator("button.opener").click();
      await page.getByRole("button", { name: say("Вийти", "Sign out") }).click();
      await page.locator("#email").waitFor();
      await page.goto("/console/orders");
      await page.locator("#email").waitFor();
    });
  });
}

test("a session whose access token has expired is renewed without a notice", async () => {
  await visit({}, async (page, context) => {
    await page.goto("/console/orders");
    await signIn(page, company());
    await context.clearCookies({ name: "backoffice_access_token" });
    const renewed = page.waitForResponse((answer) => answer.url().includes("/v2/reports/orders") && answer.ok());
    await page.getByRole("navigation").getByRole("link", { name: "Reports" }).click();
    await renewed;
    assert.ok((await context.cookies()).some(({ name }) => name === "backoffice_access_token"));
    // Without either token the session cannot be renewed.
    await context.clearCookies();
    await page.getByRole("navigation").getByRole("link", { name: "Orders" }).click();
    await page.locator("#email").waitFor();
    assert.match(page.url(), /next=%2Forders/);
  });
});

for (const [locale, say] of LANGUAGES) {
  test(`somebody with several workplaces chooses one (${locale})`, async () => {
    await visit({ locale, colorScheme: say("light", "dark") }, async (page) => {
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
      await page.getByRole("heading", { name: say("Де ви працюєте сьогодні?", "Where do you work today?") }).waitFor();
      await audit(page, "choice of the workplace");
      assert.equal(await page.getByRole("listitem").count(), 2);
      await page.getByRole("button", { name: say("Адміністратор", "Administrator") }).click();
      await page.getByRole("heading", { level: 1, name: say("Звіти", "Reports") }).waitFor();
    });
  });
}

test("a platform that is unavailable at the start is reported, and no sign-in is requested", async () => {
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

test("an unavailable platform is reported, with a button to try again", async () => {
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
