// What a user has entered or received is not lost: unsaved rules, a new key, rejected rows, on a running platform
// (settings as in .dev/env).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { readyUpload } from "./feed.mjs";
import { audit, company, journeys, openAs, partner } from "./support.mjs";

const visit = journeys();

const UK = {
  orders: "Замовлення",
  rules: "Правила й ціни",
  unsaved: "Зміни не збережено. Залишити сторінку без них?",
  minutes: "За скільки хвилин до посадки завершується продаж",
  create: "Новий ключ",
  name: "Назва",
  copy: "Скопіювати ключ",
  refused: "Браузер не дозволив копіювати. Виділіть текст і скопіюйте його самі.",
  revoke: "Відкликати",
  csv: "Завантажити CSV",
  header: '"Файл";"Рядок";"Причина"',
  unknown: "Зупинки «nowhere» немає в stops.txt",
};
const EN = {
  orders: "Orders",
  rules: "Rules and prices",
  unsaved: "Your changes are not saved. Leave without saving?",
  minutes: "Minutes before boarding at which the sale ends",
  create: "New key",
  name: "Name",
  copy: "Copy the key",
  refused: "The browser did not allow copying. Select the text and copy it yourself.",
  revoke: "Revoke",
  csv: "Download CSV",
  header: '"File","Line","Reason"',
  unknown: "“nowhere” is not in stops.txt",
};

for (const [locale, words] of [["uk", UK], ["en-GB", EN]]) {
  test(`rules that were edited and not saved are not left without a question (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/rules", company());
      const section = (name) => page.getByRole("navigation").getByRole("link", { name, exact: true });
      const minutes = page.locator("form .short input").first();
      await minutes.waitFor();
      const before = await minutes.inputValue();
      await minutes.fill(String(Number(before) + 7));
      const asked = [];
      let isLeaving = false;
      page.on("dialog", (dialog) => {
        asked.push(dialog.message());
        return isLeaving ? dialog.accept() : dialog.dismiss();
      });
      await section(words.orders).click();
      assert.deepEqual(asked, [words.unsaved]);
      assert.match(page.url(), /\/console\/rules$/);
      assert.equal(await minutes.inputValue(), String(Number(before) + 7));
      isLeaving = true;
      await section(words.orders).click();
      await page.getByRole("heading", { level: 1, name: words.orders }).waitFor();
      assert.equal(asked.length, 2);
      // Nothing is left unsaved.
      await section(words.rules).click();
      await minutes.waitFor();
      assert.equal(await minutes.inputValue(), before);
      await section(words.orders).click();
      await page.getByRole("heading", { level: 1, name: words.orders }).waitFor();
      assert.equal(asked.length, 2);
    });
  });

  test(`a new key takes the focus, and a browser that does not copy says so (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await page.addInitScript(() =>
        Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("no")) } }),
      );
      await openAs(page, "/console/keys", partner());
      const name = `Journey ${Date.now()}`;
      await page.getByRole("button", { name: words.create }).click();
      await page.getByRole("dialog").getByRole("textbox", { name: words.name }).fill(name);
      await page.getByRole("dialog").getByRole("button", { name: words.create }).click();
      await page.waitForFunction((text) => document.activeElement?.textContent.includes(text), name);
      assert.equal(await page.evaluate(() => document.activeElement.tagName), "H2");
      await audit(page, "a new key");
      await page.getByRole("button", { name: words.copy }).click();
      await page.getByText(words.refused).waitFor();
      await page.getByRole("button", { name: `${words.revoke} ${name}` }).click();
      await page.getByRole("dialog").getByRole("button", { name: words.revoke }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    });
  });

  test(`the rejected rows of a timetable are kept as a file (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/timetable", company());
      const id = await readyUpload(page);
      await page.goto(`/console/timetable/${id}`);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: words.csv }).click(),
      ]);
      assert.equal(download.suggestedFilename(), `${id}.csv`);
      const lines = readFileSync(await download.path(), "utf8").split("\r\n");
      assert.equal(lines[0], `\uFEFF${words.header}`);
      assert.ok(lines[1].includes(words.unknown), lines[1]);
      assert.equal(lines.at(-1), "");
    });
  });
}
