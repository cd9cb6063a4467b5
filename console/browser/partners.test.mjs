// Partners create keys, and companies decide what partners may do, in a real browser on a running platform (settings as
// in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, company, journeys, LANGUAGES, openAs, partner } from "./support.mjs";

const visit = journeys();

for (const [locale, say] of LANGUAGES) {
  test(`a partner makes a key, sees it once, and revokes it (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/", partner());
      const name = `Journey ${Date.now()}`;
      await page.getByRole("button", { name: say("Новий ключ", "New key") }).click();
      await page.getByRole("textbox", { name: say("Назва", "Name") }).fill(name);
      await page.getByRole("dialog").getByRole("button", { name: say("Новий ключ", "New key") }).click();
      assert.match(await page.locator("code.key").innerText(), /^pxs_/);
      await page.getByRole("button", { name: say("Ключ збережено", "I have saved it") }).click();
      await page.getByRole("button", { name: `${say("Відкликати", "Revoke")} ${name}` }).click();
      await page.getByRole("dialog").getByRole("button", { name: say("Відкликати", "Revoke") }).click();
      await page.getByText(say(`Ключ «${name}» відкликано.`, `The key “${name}” is revoked.`)).waitFor();
      // A partner sees no section of a company.
      assert.equal(await page.getByRole("navigation").getByRole("link").count(), 4);
      await page.goto("/console/orders");
      await page.getByText(say("Ваша роль не дає доступу до цієї сторінки.", "Your role does not allow this page.")).waitFor();
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`what a partner may do is changed, and taken back (${locale})`, async () => {
    await visit({ locale, colorScheme: say("light", "dark") }, async (page) => {
      await openAs(page, "/console/partners", company());
      const cancel = page.getByRole("group", { name: /demo-two/ }).getByRole("checkbox", { name: say("Скасовувати", "Cancel") });
      const before = await cancel.isChecked();
      await cancel.click();
      await page.getByText(say(/Збережено для/, /Saved for/)).waitFor();
      await audit(page, "a notice");
      await page.getByRole("button", { name: say("Повернути", "Undo") }).click();
      await page.getByText(say(/Збережено для/, /Saved for/)).last().waitFor();
      assert.equal(await cancel.isChecked(), before);
    });
  });
}
