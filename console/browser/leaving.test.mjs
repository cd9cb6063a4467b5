// Users who leave the Timetable page while a file is being sent are asked first, on a running platform (settings as in
// .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { feed } from "./feed.mjs";
import { company, journeys, openAs } from "./support.mjs";

const visit = journeys();

for (const [locale, words] of [
  ["uk", { choose: "Вибрати файл", timetable: "Розклад", orders: "Замовлення", question: /^Файл ще надсилається/ }],
  ["en-GB", { choose: "Choose a file", timetable: "Timetable", orders: "Orders", question: /^Your file is still being sent/ }],
]) {
  test(`leaving in the middle of sending asks, by link, back button and tab (${locale})`, async () => {
    await visit({ locale, expected: /ERR_FAILED|ERR_ABORTED/ }, async (page) => {
      await openAs(page, "/console/orders", company());
      const entry = (name) => page.getByRole("navigation").getByRole("link", { name });
      await entry(words.timetable).click();
      const choose = page.getByLabel(words.choose);
      await choose.waitFor();
      let sending;
      await page.route("**/v2/timetable/uploads", (route) => {
        if (route.request().method() === "POST") sending = route;
        else return route.fallback();
      });
      const asked = [];
      let isLeaving = false;
      page.on("dialog", (dialog) => {
        asked.push(dialog.type() === "confirm" ? dialog.message() : dialog.type());
        return isLeaving ? dialog.accept() : dialog.dismiss();
      });
      await choose.setInputFiles({ name: "feed.zip", mimeType: "application/zip", buffer: feed() });
      const bar = page.getByRole("progressbar");
      await bar.waitFor();

      await entry(words.orders).click();
      await Promise.all([page.waitForEvent("dialog"), page.goBack()]);
      await Promise.all([page.waitForEvent("dialog"), page.evaluate(() => setTimeout(() => location.reload()))]);
      assert.equal(asked.length, 3);
      for (const question of asked.slice(0, 2)) assert.match(question, words.question);
      assert.equal(asked[2], "beforeunload");
      assert.match(page.url(), /\/console\/timetable$/);
      await bar.waitFor();

      isLeaving = true;
      await entry(words.orders).click();
      await page.getByRole("heading", { level: 1, name: words.orders }).waitFor();
      await sending?.abort().catch(() => {});
      // Nothing is being sent any more, so there is no question.
      await entry(words.timetable).click();
      await choose.waitFor();
      await entry(words.orders).click();
      await page.getByRole("heading", { level: 1, name: words.orders }).waitFor();
      assert.equal(asked.length, 4);
    });
  });
}
