// The tasks of platform operators, on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { change, journeys, LANGUAGES, openAs, operator, sell } from "./support.mjs";

const visit = journeys();

for (const [locale, words] of [
  ["uk", { pause: "Призупинити", resume: "Поновити", reason: "Причина", audit: "Журнал дій" }],
  ["en-GB", { pause: "Pause", resume: "Resume", reason: "Reason", audit: "Audit trail" }],
]) {
  test(`a queue is paused and resumed with a reason, which the audit trail keeps (${locale})`, async () => {
    const reason = `Journey ${Date.now()}`;
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/", operator());
      for (const action of [words.pause, words.resume]) {
        await page.getByRole("button", { name: `${action} geo` }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("textbox", { name: words.reason }).fill(reason);
        await dialog.getByRole("button", { name: action }).click();
        await dialog.waitFor({ state: "hidden" });
      }
      await page.getByRole("button", { name: `${words.pause} geo` }).waitFor();
      await page.getByRole("navigation").getByRole("link", { name: words.audit }).click();
      await page.getByText(reason).nth(1).waitFor();
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`the audit trail is narrowed to one subject, and back (${locale})`, async () => {
    const reason = `Journey ${Date.now()}`;
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/ops", operator());
      for (const action of [say("Призупинити", "Pause"), say("Поновити", "Resume")]) {
        await page.getByRole("button", { name: `${action} geo` }).click();
        await page.getByRole("dialog").getByRole("textbox", { name: say("Причина", "Reason") }).fill(reason);
        await page.getByRole("dialog").getByRole("button", { name: action }).click();
        await page.getByRole("dialog").waitFor({ state: "hidden" });
      }
      await page.goto("/console/ops/audit");
      await page.getByRole("searchbox").fill("nothing-is-called-this");
      await page.keyboard.press("Enter");
      await page.getByText(say("Про це записів немає", "No entries about this")).waitFor();
      await page.getByRole("link", { name: say("Усі записи", "All entries") }).click();
      await page.getByRole("listitem").filter({ hasText: reason }).first().getByRole("link", { name: "geo" }).click();
      await page.waitForURL("**/ops/audit?subject=geo");
      await page.getByText(reason).nth(1).waitFor();
      assert.equal(await page.getByRole("searchbox").inputValue(), "geo");
      await page.goBack();
      await page.waitForURL("**/ops/audit");
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  test(`partners beyond the first page are reached, and the way back (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      const asked = [];
      await page.route("**/v2/ops/partners?*", async (route) => {
        const after = new URL(route.request().url()).searchParams.get("after");
        asked.push(after);
        const answer = await route.fetch({ url: route.request().url().replace(/&after=[^&]*/, "") });
        const json = await answer.json();
        json.data.partners[0].name = after ? "SYNTHETIC second page" : "SYNTHETIC first page";
        json.data.next = after ? null : "first-page-ends";
        await route.fulfill({ response: answer, json });
      });
      await openAs(page, "/console/ops/members", operator());
      await page.getByText("SYNTHETIC first page").waitFor();
      await page.getByRole("navigation", { name: say("Сторінки списку: Партнери", "Pages of the list: Partners") }).getByRole("link", { name: say("Далі", "Next") }).click();
      await page.getByText("SYNTHETIC second page").waitFor();
      assert.match(page.url(), /\/ops\/members\?partners=first-page-ends$/);
      await page.goBack();
      await page.getByText("SYNTHETIC first page").waitFor();
      assert.deepEqual(asked, [null, "first-page-ends", null]);
    });
  });
}

test("dead jobs are run again only with their exact number", async () => {
  await visit({}, async (page) => {
    const at = new Date().toISOString();
    const latestJobId = "01980c6a5f0e7d8c9b3a2f1e0d4c5b6a";
    const group = { queue: "email", kind: "email.send", error: "connection refused", count: 3, firstAt: at, lastAt: at };
    await change(page, "/v2/ops/job-errors", (data) => (data.errors = [{ ...group, latestJobId }]));
    let asked;
    await page.route("**/v2/ops/job-batches", (route) => {
      asked = route.request().postDataJSON();
      return route.fulfill({ json: { data: { count: 3 } } });
    });
    await openAs(page, "/console/ops/jobs", operator());
    await page.getByRole("button", { name: "Run again" }).click();
    const dialog = page.getByRole("dialog", { name: "Run them again?" });
    await dialog.getByRole("spinbutton").fill("2");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("The server is back");
    await dialog.getByRole("button", { name: "Run again" }).click();
    assert.equal(asked, undefined);
    await dialog.getByRole("spinbutton").fill("3");
    await dialog.getByRole("button", { name: "Run again" }).click();
    await page.getByText("Done for 3 jobs.").waitFor();
    const { queue, kind, error, count } = group;
    assert.deepEqual(asked, { act: "retry", state: "dead", queue, kind, error, count, reason: "The server is back" });
  });
});

test("the story of an order is found, also by its address", async () => {
  const { order } = await sell();
  await visit({}, async (page) => {
    await openAs(page, "/console/ops/story", operator());
    await page.getByRole("searchbox").fill(order);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/ops/story?id=${order}`);
    await page.getByRole("main").getByRole("listitem").first().waitFor();
  });
});
