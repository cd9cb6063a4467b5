// The timetable of a company, on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { anotherFare, feed, withoutStop } from "./feed.mjs";
import { audit, change, company, journeys, openAs } from "./support.mjs";

const visit = journeys();

const UK = {
  title: "Розклад",
  choose: "Вибрати файл",
  reading: "Читаються файли",
  rejected: "Відхилені рядки",
  fares: "Тарифи",
  publish: "Опублікувати",
  published: "Опубліковано",
  undo: "Скасувати публікацію",
  undone: /^Повернення від/,
  harmless: "Для проданих квитків нічого не змінюється.",
  reason: 'Зупинки «nowhere» немає в stops.txt; рейс «',
  seasons: "Сезони опублікованого розкладу",
};
const EN = {
  title: "Timetable",
  choose: "Choose a file",
  reading: "Reading the files",
  rejected: "Rejected rows",
  fares: "Fares",
  publish: "Publish",
  published: "Published",
  undo: "Undo the publication",
  undone: /^Undo of/,
  harmless: "Nothing changes for tickets that were sold.",
  reason: 'Stop “nowhere” is not in stops.txt; trip “',
  seasons: "Seasons of the published timetable",
};

const archive = (buffer, name = "feed.zip") => ({ name, mimeType: "application/zip", buffer });

/** Selects a feed, and waits for the page of the upload. */
async function upload(page, words, buffer) {
  await page.getByLabel(words.choose).setInputFiles(archive(buffer));
  await page.waitForURL(/\/console\/timetable\/tup_/);
}

for (const [locale, words] of [
  ["uk", UK],
  ["en-GB", EN],
]) {
  test(`a feed is checked, with its rejected row and its progress (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/today", company());
      await page.getByRole("navigation").getByRole("link", { name: words.title }).click();
      // A feed this small is checked at once, so the first responses are made to say that the check continues.
      let asked = 0;
      await change(page, "/v2/timetable/uploads/tup_*", ({ upload }) => {
        if (asked++ < 2) Object.assign(upload, { status: "Checking", report: null, progress: { phase: "Reading", percent: 40 } });
      });
      await upload(page, words, feed(withoutStop));
      assert.equal(await page.getByRole("progressbar", { name: words.reading }).getAttribute("value"), "40");
      const rejected = page.getByRole("region", { name: words.rejected });
      const cells = rejected.getByRole("row").last().getByRole("cell");
      await cells.last().waitFor();
      const [file, line, reason] = await cells.allInnerTexts();
      assert.deepEqual([file, line.trim()], ["stop_times.txt", "3"]);
      assert.ok(reason.startsWith(words.reason), reason);
      await page.getByRole("button", { name: words.publish }).click();
      await audit(page, "publishing a timetable");
      await page.keyboard.press("Escape");
    });
  });

  test(`a timetable is published, and the publication undone (${locale})`, async () => {
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/timetable", company());
      const routes = page.getByRole("region", { name: words.seasons }).getByRole("rowheader");
      await routes.first().waitFor();
      const before = await routes.allInnerTexts();
      await upload(page, words, feed(anotherFare));
      const fares = page.getByRole("row", { name: words.fares }).getByRole("cell");
      await fares.first().waitFor();
      assert.match(await fares.nth(2).innerText(), /1$/);
      await page.getByRole("button", { name: words.publish }).click();
      await page.getByRole("dialog").getByRole("button", { name: words.publish }).click();
      const state = page.getByRole("main").locator(".badge");
      await state.getByText(words.published, { exact: true }).waitFor();
      await page.reload();
      await state.getByText(words.published, { exact: true }).waitFor();
      await page.getByRole("link", { name: words.title }).last().click();
      await page.getByRole("button", { name: words.undo }).click();
      await page.getByRole("dialog").getByText(words.harmless).waitFor();
      await audit(page, "undoing a publication");
      await page.getByRole("dialog").getByRole("button", { name: words.undo }).click();
      await page.getByRole("heading", { level: 1, name: words.undone }).waitFor();
      await state.getByText(words.published, { exact: true }).waitFor();
      assert.match(await fares.nth(2).innerText(), /1$/);
      await page.goBack();
      await routes.first().waitFor();
      assert.deepEqual(await routes.allInnerTexts(), before);
      // The fare is the original one again.
      await upload(page, words, feed());
      await fares.first().waitFor();
      assert.match(await fares.nth(2).innerText(), /0$/);
    });
  });
}

test("a check that is out of date is repeated before the timetable is published", async () => {
  await visit({ expected: /status of 409/ }, async (page) => {
    await openAs(page, "/console/timetable", company());
    await upload(page, EN, feed(withoutStop));
    const publish = page.getByRole("button", { name: EN.publish });
    await publish.waitFor();
    const error = { message: "m", code: "TIMETABLE_CONFLICT", errorCode: "TIMETABLE_CONFLICT" };
    await page.route("**/publish", (route) => route.fulfill({ status: 409, json: { errors: [error] } }));
    await publish.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: EN.publish }).click();
    await dialog.getByText("has changed since this one was checked. Check it again.").waitFor();
    await page.keyboard.press("Escape");
    const checked = page.waitForResponse((answer) => answer.url().endsWith("/check") && answer.status() === 202);
    await page.getByRole("button", { name: "Check again" }).click();
    await checked;
    await page.getByRole("main").locator(".badge").getByText("Can be published", { exact: true }).waitFor();
    await page.getByRole("region", { name: EN.rejected }).waitFor();
  });
});

test("a feed whose answer was lost is sent again with the same key, after a refusal with another", async () => {
  await visit({ expected: /ERR_FAILED|status of 409/ }, async (page) => {
    await openAs(page, "/console/timetable", company());
    const keys = [];
    await page.route("**/v2/timetable/uploads", (route) => {
      if (route.request().method() !== "POST") return route.continue();
      keys.push(route.request().headers()["idempotency-key"]);
      if (keys.length === 1) return route.abort();
      const error = { message: "m", code: "TIMETABLE_CONFLICT", errorCode: "TIMETABLE_CONFLICT" };
      return keys.length === 2 ? route.fulfill({ status: 409, json: { errors: [error] } }) : route.continue();
    });
    await page.getByLabel(EN.choose).setInputFiles(archive(feed(withoutStop)));
    const alert = page.getByRole("region", { name: "Upload a timetable" }).getByRole("alert");
    await alert.getByText("The platform cannot be reached.").waitFor();
    await audit(page, "a feed that was not sent");
    await page.getByRole("button", { name: "Try again" }).click();
    await alert.getByText("Too many timetables are being checked.").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.waitForURL(/\/console\/timetable\/tup_/);
    assert.equal(keys[1], keys[0]);
    assert.notEqual(keys[2], keys[1]);
  });
});

test("a file that is no archive is refused, also when it is dropped", async () => {
  await visit({ expected: /status of 400/ }, async (page) => {
    await openAs(page, "/console/timetable", company());
    const files = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["no archive"], "feed.txt"));
      return transfer;
    });
    const place = page.getByRole("region", { name: "Upload a timetable" });
    await place.dispatchEvent("dragover", { dataTransfer: files });
    await place.dispatchEvent("drop", { dataTransfer: files });
    await place.getByText("feed.txt was not sent. This is not a zip archive.").waitFor();
  });
});

test("the timetable of another company is not found", async () => {
  await visit({ expected: /status of 404/ }, async (page) => {
    await page.goto("/console/timetable/tup_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a");
    await enter(page);
    await page.getByText("This does not exist, or it belongs to another company.").waitFor();
  });
});

/** Signs in where no heading follows. */
async function enter(page) {
  await page.locator("#email").fill(company().email);
  await page.locator("#password").fill(company().password);
  await page.keyboard.press("Enter");
}
