// Each role, with real people: what they see and do, and what the API refuses, on a running platform (settings as in
// .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import * as deeds from "./deeds.mjs";
import { asMember } from "./members.mjs";
import { audit, company, go, journeys, openAs, operator, partner } from "./support.mjs";

const visit = journeys();

const UK = {
  ...deeds.UK,
  today: "Сьогодні",
  departures: "Рейси",
  orders: "Замовлення",
  reports: "Звіти",
  buses: "Автобуси",
  timetable: "Розклад",
  rules: "Правила й ціни",
  usage: "Використання",
  migration: "Перехід",
  refused: "Ваша роль не дає доступу до цієї сторінки.",
};
const EN = {
  ...deeds.EN,
  today: "Today",
  departures: "Departures",
  orders: "Orders",
  reports: "Reports",
  buses: "Buses",
  timetable: "Timetable",
  rules: "Rules and prices",
  usage: "Usage",
  migration: "Migration",
  refused: "Your role does not allow this page.",
};

const OFFICE = ["/today", "/today/messages", "/departures", "/departures/dep_1", "/departures/dep_1/manifest", "/orders", "/orders/ord_1", "/buses"];
const RULES = ["/timetable", "/timetable/tup_1", "/rules"];
const OF_PARTNER = ["/keys", "/usage", "/migration"];
const OF_PLATFORM = ["/ops", "/ops/jobs", "/ops/story", "/ops/members", "/ops/audit"];

/** The sections that a role sees, pages that it does not see, what the API refuses, and what a person in it does. */
const ROLES = [
  {
    place: "company",
    role: "MANAGER",
    sections: ["today", "departures", "orders", "reports", "buses", "timetable", "rules"],
    closed: ["/people", "/partners", ...OF_PARTNER, ...OF_PLATFORM],
    refused: "/v2/people",
    act: deeds.manage,
  },
  {
    place: "company",
    role: "DISPATCHER",
    sections: ["today", "departures", "orders", "buses"],
    closed: ["/reports", ...RULES, "/partners", "/people", ...OF_PARTNER, "/ops"],
    refused: "/v2/reports/orders",
    act: deeds.dispatch,
  },
  {
    place: "company",
    role: "ACCOUNTANT",
    sections: ["reports"],
    closed: [...OFFICE, ...RULES, "/partners", "/people", ...OF_PARTNER, "/ops"],
    refused: "/v2/orders",
    act: deeds.account,
  },
  {
    place: "partner",
    role: "MANAGER",
    sections: ["usage", "migration"],
    closed: ["/keys", "/people", ...OFFICE, "/reports", ...RULES, "/ops"],
    refused: "/v2/partner/api-keys",
    act: deeds.count,
  },
  {
    place: "partner",
    role: "ACCOUNTANT",
    sections: ["usage", "migration"],
    closed: ["/people", "/keys", "/orders", "/reports", "/ops"],
    refused: "/v2/people",
    act: deeds.count,
  },
];

for (const { place, role, sections, closed, refused, act } of ROLES) {
  test(`the role ${role} of a ${place} works on its pages and on no other`, async () => {
    await asMember(place, role, async (member) => {
      for (const [locale, words] of [["uk", UK], ["en-GB", EN]]) {
        // The API answers 403 to requests that no page offers.
        await visit({ locale }, async (page) => {
          await openAs(page, `/console${closed[0]}`, member);
          await page.getByText(words.refused).waitFor();
          await audit(page, `refused to ${role}`);
          assert.equal((await page.request.get(refused)).status(), 403);
          const links = page.getByRole("navigation").getByRole("link");
          assert.deepEqual(await links.allInnerTexts(), sections.map((name) => words[name]));
          for (const name of sections) {
            await page.getByRole("navigation").getByRole("link", { name: words[name], exact: true }).click();
            await page.locator("nav a[aria-current=page]").filter({ hasText: words[name] }).first().waitFor();
            await page.locator("main h1").waitFor();
            await page.waitForLoadState("networkidle");
            assert.equal(await page.locator("main [role=alert]:not(:empty)").count(), 0, `${role} ${name}`);
          }
          await act(page, words);
          await areClosed(page, closed, words);
        });
      }
    });
  });
}

for (const [who, closed] of [
  [company, [...OF_PARTNER, ...OF_PLATFORM]],
  [partner, [...OFFICE, "/reports", ...RULES, "/partners", ...OF_PLATFORM]],
  [operator, [...OFFICE, "/reports", ...RULES, "/partners", "/people", ...OF_PARTNER]],
]) {
  test(`whoever governs a ${who.name} sees nothing of other workplaces`, async () => {
    for (const [locale, words] of [["uk", UK], ["en-GB", EN]]) {
      await visit({ locale }, async (page) => {
        await openAs(page, "/console/account", who());
        await areClosed(page, closed, words);
      });
    }
  });
}

/** Asserts that none of the pages is shown. */
async function areClosed(page, closed, words) {
  for (const path of closed) {
    await go(page, "/account");
    await page.getByText(words.refused).waitFor({ state: "detached" });
    await go(page, path);
    await page.getByText(words.refused).waitFor();
    assert.equal(await page.locator("main [role=alert]:not(:empty)").count(), 0, path);
  }
}
