// Each role, with real people of it: what they are shown, and what the API refuses, on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { asMember } from "./members.mjs";
import { audit, journeys, signIn } from "./support.mjs";

const visit = journeys();

const UK = {
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

/** What a role is shown in the navigation, a page that it is not shown, and what the API refuses. */
const ROLES = [
  {
    place: "company",
    role: "MANAGER",
    sections: ["today", "departures", "orders", "reports", "buses", "timetable", "rules"],
    closed: "/people",
    refused: "/v2/people",
  },
  {
    place: "company",
    role: "DISPATCHER",
    sections: ["today", "departures", "orders", "buses"],
    closed: "/reports",
    refused: "/v2/reports/orders",
  },
  { place: "company", role: "ACCOUNTANT", sections: ["reports"], closed: "/orders", refused: "/v2/orders" },
  { place: "partner", role: "MANAGER", sections: ["usage", "migration"], closed: "/keys", refused: "/v2/partner/api-keys" },
  { place: "partner", role: "ACCOUNTANT", sections: ["usage", "migration"], closed: "/people", refused: "/v2/people" },
];

for (const { place, role, sections, closed, refused } of ROLES) {
  test(`the role ${role} of a ${place} works on its pages and on no other`, async () => {
    await asMember(place, role, async (member) => {
      for (const [locale, words] of [["uk", UK], ["en-GB", EN]]) {
        // The API says 403 when it is asked past the pages.
        await visit({ locale }, async (page) => {
          await page.goto(`/console${closed}`);
          await signIn(page, member);
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
        });
      }
    });
  });
}
