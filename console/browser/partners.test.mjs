// Partners make keys, and companies say what partners may do, in a real browser on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { company, journeys, partner, signIn } from "./support.mjs";

const visit = journeys();

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
    assert.equal(await page.getByRole("navigation").getByRole("link").count(), 4);
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
