// Every page while it loads, when the platform fails, and when there is no data yet, on a running platform (settings as
// in .dev/env). What a role may not see is in roles.test.mjs.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { audit, auditColours, company, departureOf, go, journeys, openAs, operator, partner, sell } from "./support.mjs";

const visit = journeys();

/** A page, its user, and what it says in Ukrainian and in English when it is empty; a page of people never is. */
const PAGES = [
  ["/today", company, ["Сьогодні рейсів немає", "No departures today"], ["Завтра рейсів немає", "No departures tomorrow"]],
  ["/today/messages", company, ["Усі повідомлення доставлено", "All messages are delivered"]],
  ["/departures", company, ["Рейсів немає", "No departures"]],
  ["sold departure", company, ["Пасажирів ще немає", "No passengers yet"]],
  ["sold departure/manifest", company, ["Пасажирів ще немає", "No passengers yet"]],
  ["/orders", company, ["Замовлень ще немає", "No orders yet"]],
  ["sold order", company, ["Повідомлень ще немає.", "No message yet."]],
  ["/reports", company, ["Звітів ще немає", "No reports yet"], ["Регулярних звітів ще немає", "No scheduled reports yet"]],
  ["/buses", company, ["Автобусів із трекерами немає", "No tracked buses"]],
  ["/timetable", company, ["Розкладів ще не завантажували", "No uploads yet"], ["Опублікованого розкладу немає", "No timetable is published"]],
  ["/partners", company, ["Партнерів ще немає", "No partners yet"]],
  ["/rules", company, [/^Якщо рядків немає/, /^Without any line/], ["Знижок ще немає", "No discounts yet"]],
  ["/people", company],
  ["/account", company],
  ["/keys", partner, ["Ключів ще немає", "No keys yet"]],
  ["/usage", partner, ["За цей період запитів не було", "No requests in this period"]],
  ["/migration", partner, ["Викликів старого API не було", "No calls to the old API"]],
  ["/ops", operator, ["Жоден процес не озвався.", "No process has reported."], ["Поки що нічого немає", "Nothing yet"]],
  ["/ops/jobs", operator, ["Збоїв немає", "No dead jobs"]],
  ["/ops/story?id=nothing", operator, ["Нічого не записано", "Nothing is recorded"]],
  ["/ops/members", operator, ["Поки що нікого немає", "None yet"]],
  ["/ops/audit", operator, ["Записів ще немає", "No entries yet"]],
];

/** Responses about the session and the platform itself are not part of a page. */
const OTHER = /^\/v2\/(auth\/(?!sessions)|configuration)/;

/** Empties a response: no list has an entry, and every figure is 0. */
function emptied(path, data) {
  if (path.includes("/story/")) return { id: "nothing", entries: [], isCut: false };
  for (const key of Object.keys(data)) {
    const value = data[key];
    if (Array.isArray(value) && !["limits", "people", "sessions", "slices"].includes(key)) data[key] = [];
    else if (["order", "manifest", "migration"].includes(key)) data[key] = emptied(path, value);
    else if (key === "total" || (typeof value === "number" && path === "/v2/today")) data[key] = 0;
    else if (key === "next" || key === "lastCallAt") data[key] = null;
    else if (key === "sum") data[key] = { ...value, bookings: 0, requests: { catalogue: 0, search: 0, read: 0, write: 0 } };
  }
  return data;
}

/** Makes the platform answer late, not at all, or with nothing. */
async function govern(page) {
  const state = { answer: "as it is", release: () => {}, held: Promise.resolve() };
  await page.route("**/v2/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (state.answer === "as it is" || OTHER.test(pathname)) return route.continue();
    await state.held;
    if (state.answer === "503") return route.fulfill({ status: 503, json: { errors: [] } });
    const answer = pathname.includes("/story/") ? undefined : await route.fetch();
    const { data } = answer ? await answer.json() : { data: {} };
    return route.fulfill({ json: { data: emptied(pathname, data) } });
  });
  return {
    hold: () => {
      state.answer = "held";
      state.held = new Promise((resolve) => (state.release = resolve));
    },
    say: (answer) => {
      state.answer = answer;
      state.release();
    },
  };
}

/** Asserts that the page has one main heading, and the same title. */
async function isNamed(page, what) {
  const heading = page.locator("h1");
  await heading.first().waitFor();
  assert.equal(await heading.count(), 1, what);
  assert.equal(await page.title(), `${await heading.textContent()} · PREXSELL`, what);
}

describe("the states of every page", { concurrency: 2 }, () => {
  for (const [which, locale, colorScheme, again] of [
    [0, "uk", "light", "Спробувати ще раз"],
    [1, "en-GB", "dark", "Try again"],
  ]) {
    for (const who of [company, partner, operator]) {
      test(`of a ${who.name} say what they are (${locale}, ${colorScheme})`, async () => {
        const sold = await sell();
        await visit({ locale, colorScheme, expected: /status of 503/ }, async (page) => {
          await openAs(page, "/console/account", who());
          const departure = who === company ? (await departureOf(page, sold)).id : "";
          const platform = await govern(page);
          for (const [path, , ...words] of PAGES.filter(([, whose]) => whose === who)) {
            const address = path.replace("sold departure", `/departures/${departure}`).replace("sold order", `/orders/${sold.order}`);
            platform.hold();
            await go(page, address);
            await page.locator("main .waiting[role=status]").first().waitFor();
            await isNamed(page, `${path} while it loads`);
            if (colorScheme === "light") await audit(page, `${path} while it loads`);

            platform.say("503");
            const alerts = page.locator("main .problem-box[role=alert]");
            await alerts.first().waitFor();
            await page.locator("main .waiting").first().waitFor({ state: "detached" });
            await isNamed(page, `${path} when it fails`);
            if (colorScheme === "dark") await audit(page, `${path} when it fails`);

            platform.say("nothing");
            await alerts.first().getByRole("button", { name: again }).click();
            // Each part of a page is loaded again by its own button, except for parts that share a request.
            await alerts.getByRole("button").evaluateAll((others) => others.forEach((one) => one.click()));
            await alerts.first().waitFor({ state: "detached" });
            for (const text of words) await page.locator("main").getByText(text[which], { exact: true }).first().waitFor();
            await isNamed(page, `${path} with nothing`);
            // In the dark, it was audited when it failed: what is left to see are its colours.
            const auditEmpty = colorScheme === "light" ? audit : auditColours;
            await auditEmpty(page, `${path} with nothing`);
            platform.say("as it is");
          }
        });
      });
    }
  }
});
