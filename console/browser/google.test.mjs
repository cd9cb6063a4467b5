// Sign-in with Google, with the simulator of a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, change, company, journeys } from "./support.mjs";

const visit = journeys();

const UK = {
  google: "Увійти через Google",
  canceled: "Ви скасували вхід через Google.",
  expired: /^Вхід через Google тривав задовго/,
  unknown: /^Немає користувача/,
};
const EN = {
  google: "Sign in with Google",
  canceled: "You canceled the sign-in with Google.",
  expired: /^The sign-in with Google took too long/,
  unknown: /^No user has the e-mail address/,
};

/** Goes to Google's page, and decides there. */
async function decide(page, words, button, email = "") {
  await page.getByRole("button", { name: words.google }).click();
  await page.getByRole("heading", { name: "SYNTHETIC Google" }).waitFor();
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByRole("button", { name: button }).click();
}

for (const [locale, words] of [
  ["uk", UK],
  ["en-GB", EN],
]) {
  test(`a deep link survives signing in with Google (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await page.goto("/console/orders?status=Confirmed&payment=Paid");
      await decide(page, words, "Continue", company().email);
      await page.locator("main#content h1").waitFor();
      assert.match(page.url(), /\/console\/orders\?status=Confirmed&payment=Paid$/);
      await page.reload();
      await page.locator("main#content h1").waitFor();
    });
  });

  test(`a user who cancels at Google, or is not known here, sees why (${locale})`, async () => {
    await visit({ locale, expected: /status of 401/ }, async (page) => {
      await page.goto("/console/orders");
      await decide(page, words, "Cancel");
      await page.getByRole("alert").filter({ hasText: words.canceled }).waitFor();
      await audit(page, "canceled");
      await decide(page, words, "Continue", "stranger@prexsell.example");
      await page.getByRole("alert").filter({ hasText: words.unknown }).waitFor();
      assert.ok(!page.url().includes("code="));
      await audit(page, "unknown");
    });
  });

  test(`an address with a code is of no use in another browser (${locale})`, async () => {
    await visit({ locale, expected: /ERR_FAILED/ }, async (page) => {
      // The code is intercepted before the page can use it.
      const taken = new Promise((resolve) =>
        page.route("**/v2/auth/google/exchange", (route) => {
          resolve(route.request().postDataJSON());
          return route.abort();
        }),
      );
      await page.goto("/console/");
      await decide(page, words, "Continue", company().email);
      const query = new URLSearchParams(await taken);
      await page.getByRole("alert").waitFor();
      await visit({ locale, expected: /status of 400/ }, async (other) => {
        await other.goto(`/console/sign-in/google?${query}`);
        await other.getByRole("alert").filter({ hasText: words.expired }).waitFor();
        assert.match(other.url(), /\/console\/sign-in\?google=expired$/);
      });
    });
  });
}

test("a user with several workplaces chooses one after Google", async () => {
  await visit({}, async (page) => {
    await change(page, "/v2/auth/google/exchange", ({ availableAccesses }) => {
      const other = structuredClone(availableAccesses[0]);
      Object.assign(other, { companyId: "cmp_other", role: "ACCOUNTANT" });
      other.company.name = "SYNTHETIC Other Lines";
      availableAccesses.push(other);
    });
    await page.goto("/console/reports");
    await decide(page, EN, "Continue", company().email);
    await page.getByRole("heading", { name: "Where do you work today?" }).waitFor();
    await audit(page, "choice of the workplace after Google");
    await page.getByRole("button", { name: "Administrator" }).click();
    await page.getByRole("heading", { level: 1, name: "Reports" }).waitFor();
  });
});

test("where Google is not set up it is not offered", async () => {
  await visit({}, async (page) => {
    await change(page, "/v2/configuration", (data) => (data.googleSignIn = false));
    await page.goto("/console/");
    await page.locator("#email").waitFor();
    assert.equal(await page.getByRole("button", { name: EN.google }).count(), 0);
  });
});
