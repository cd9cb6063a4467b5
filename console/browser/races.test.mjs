// What a user does while a request is under way is not undone by its response, on a running platform (settings as in
// .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { change, company, journeys, openAs } from "./support.mjs";

const visit = journeys();
const PERMISSIONS = "**/v2/company/partner-permissions/*";

/** Holds the first changes of permissions until each is released; returns the requests, in order. */
async function holdChanges(page, most) {
  const [asked, waiting] = [[], []];
  await page.route(PERMISSIONS, async (route) => {
    if (asked.length === most) return route.continue();
    await new Promise((go) => {
      asked.push({ body: route.request().postDataJSON(), go });
      for (const goOn of waiting.splice(0)) goOn();
    });
    return route.continue();
  });
  return async (count) => {
    while (asked.length < count) await new Promise((goOn) => waiting.push(goOn));
    return asked;
  };
}

test("two ticks of one partner are saved one after the other, and both stay", async () => {
  await visit({}, async (page) => {
    await openAs(page, "/console/partners", company());
    const partner = page.getByRole("group", { name: /demo-two/ });
    const [search, cancel] = ["Search", "Cancel"].map((name) => partner.getByRole("checkbox", { name }));
    await cancel.waitFor();
    const before = [await search.isChecked(), await cancel.isChecked()];
    const changes = await holdChanges(page, 2);
    await search.click();
    await cancel.click();
    const asked = await changes(1);
    const saved = page.waitForResponse(PERMISSIONS);
    asked[0].go();
    await saved;
    await changes(2);
    // The response to the first change has come, and has not undone the second one.
    assert.deepEqual([await search.isChecked(), await cancel.isChecked()], before.map((one) => !one));
    const { accesses } = asked[1].body;
    assert.deepEqual([accesses.includes("SEARCH"), accesses.includes("CANCEL")], before.map((one) => !one));
    const last = page.waitForResponse(PERMISSIONS);
    asked[1].go();
    await last;
    for (const box of [search, cancel]) {
      const restored = page.waitForResponse((answer) => answer.request().method() === "PUT");
      await box.click();
      await restored;
    }
    await page.reload();
    await cancel.waitFor();
    assert.deepEqual([await search.isChecked(), await cancel.isChecked()], before);
  });
});

test("a tick that is being saved does not keep the next page away", async () => {
  await visit({}, async (page) => {
    await change(page, "/v2/company/partner-permissions?*", (data) => (data.total = 60));
    await openAs(page, "/console/partners", company());
    const box = page.getByRole("group", { name: /demo-two/ }).getByRole("checkbox", { name: "Cancel" });
    await box.waitFor();
    const changes = await holdChanges(page, 1);
    let answer;
    const held = new Promise((resolve) => (answer = resolve));
    await page.route("**/v2/company/partner-permissions?*skip=50*", async (route) => {
      await held;
      await route.fulfill({ json: { data: { permissions: [], total: 60 } } });
    });
    await box.click();
    const [put] = await changes(1);
    await page.getByRole("button", { name: "Next" }).click();
    const saved = page.waitForResponse(PERMISSIONS);
    put.go();
    await saved;
    await page.getByText(/^Saved for/).waitFor();
    answer();
    await box.waitFor({ state: "detached" });
    await page.getByText(/^51–60 of 60/).waitFor();
    await page.getByRole("button", { name: "Previous" }).click();
    const restored = page.waitForResponse(PERMISSIONS);
    await box.click();
    await restored;
  });
});

test("what is typed while rules are saved stays", async () => {
  await visit({}, async (page) => {
    await openAs(page, "/console/rules", company());
    const minutes = page.locator("section[aria-labelledby=cutoffs] .short input").first();
    await minutes.waitFor();
    for (const [path, section, field] of [
      ["**/v2/company/sales-settings", "cutoffs", minutes],
      ["**/v2/refund-rules", "refunds", page.locator("#hours-0")],
    ]) {
      const part = page.locator(`section[aria-labelledby=${section}]`);
      if (!(await field.count())) await part.getByRole("button", { name: "Add" }).click();
      const before = Number(await field.inputValue());
      let put;
      await page.route(path, (route) => (route.request().method() === "PUT" ? void (put = route) : route.fallback()));
      await field.fill(String(before + 301));
      const asked = page.waitForRequest((request) => request.method() === "PUT");
      await part.getByRole("button", { name: "Save" }).click();
      const body = (await asked).postDataJSON();
      await field.fill(String(before + 302));
      const salesSettings = { cancellationCutoffHours: null, ...body };
      const refundRules = body.rules?.map((rule, i) => ({ id: `rrl_${i}`, ...rule }));
      await put.fulfill({ json: { data: section === "cutoffs" ? { salesSettings } : { refundRules } } });
      await page.getByText(/^Saved\./).last().waitFor();
      assert.equal(await field.inputValue(), String(before + 302));
      // This value is not saved yet.
      await part.getByRole("button", { name: "Save" }).waitFor();
      await page.unroute(path);
    }
  });
});

for (const [locale, words] of [
  ["uk", { out: "Вийти", orders: "Замовлення", rules: "Правила й ціни", unsaved: "Зміни не збережено. Залишити сторінку без них?" }],
  ["en-GB", { out: "Sign out", orders: "Orders", rules: "Rules and prices", unsaved: "Your changes are not saved. Leave without saving?" }],
]) {
  test(`who agrees to leave and cannot is asked again the next time (${locale})`, async () => {
    await visit({ locale, expected: /ERR_FAILED/ }, async (page) => {
      await openAs(page, "/console/rules", company());
      const minutes = page.locator("form .short input").first();
      await minutes.waitFor();
      await minutes.fill("88");
      const asked = [];
      let isLeaving = true;
      page.on("dialog", (dialog) => {
        asked.push(dialog.message());
        return isLeaving ? dialog.accept() : dialog.dismiss();
      });
      await page.route("**/v2/auth/logout", (route) => route.abort());
      await page.locator("button.opener").click();
      await page.getByRole("button", { name: words.out, exact: true }).click();
      await page.locator(".notice.bad").waitFor();
      await page.keyboard.press("Escape");
      assert.deepEqual(asked, [words.unsaved]);
      // A link to the present page does not leave it.
      const section = (name) => page.getByRole("navigation").getByRole("link", { name, exact: true });
      await section(words.rules).click();
      assert.equal(asked.length, 1);
      isLeaving = false;
      await section(words.orders).click();
      assert.deepEqual(asked, [words.unsaved, words.unsaved]);
      assert.equal(await minutes.inputValue(), "88");
    });
  });
}
