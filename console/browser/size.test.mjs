// The size of the scripts in the first load of each page, for each role that has it, and that nothing moves while it
// loads, on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { readyUpload } from "./feed.mjs";
import { asMember } from "./members.mjs";
import { company, departureOf, journeys, openAs, operator, partner, sell, stays } from "./support.mjs";

const visit = journeys();

/** The most bytes of compressed scripts. */
const MOST = 40_000;

const OFFICE = ["/today", "/today/messages", "/departures", "/orders", "/buses"];
const PAGES = {
  ADMIN: [...OFFICE, "/reports", "/timetable", "/partners", "/rules", "/people", "/account", "/orders?search=nobody"],
  MANAGER: [...OFFICE, "/reports", "/timetable", "/rules", "/account"],
  DISPATCHER: [...OFFICE, "/account"],
  ACCOUNTANT: ["/reports", "/account"],
};
const OF_PARTNER = {
  ADMIN: ["/keys", "/usage", "/migration", "/people", "/account"],
  MANAGER: ["/usage", "/migration", "/account"],
  ACCOUNTANT: ["/usage", "/migration", "/account"],
};
const OF_PLATFORM = ["/ops", "/ops/jobs", "/ops/story", "/ops/members", "/ops/audit", "/account"];

/** Opens each page as the first one, and adds up its scripts. */
async function measure(page, paths) {
  for (const path of paths) {
    await page.goto(`/console${path}`);
    await page.locator("main h1").first().waitFor();
    await page.waitForLoadState("networkidle");
    await stays(page, path);
    const names = await page.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname),
    );
    const scripts = [...new Set(names.filter((name) => name.endsWith(".js")))].filter(isCounted);
    const total = scripts.map(gzipped).reduce((sum, size) => sum + size, 0);
    assert.ok(total > 20_000, `${path}: ${total} bytes, which is no page`);
    assert.ok(total <= MOST, `${path}: ${total} bytes in ${scripts.join(" ")}`);
  }
}

/** The map and its code are loaded after the page. */
const isCounted = (name) => !/\/(maplibre-gl|BusMap)[-.]/.test(name);

/** The size of a script as it is sent; the smallest ones are sent uncompressed. */
function gzipped(name) {
  const path = new URL(`../dist/${name.replace("/console/", "")}`, import.meta.url);
  const compressed = new URL(`${path}.gz`);
  return readFileSync(existsSync(compressed) ? compressed : path).length;
}

test("sign-in is within the size of a first load, and stays where it is", async () => {
  await visit({ locale: "uk" }, async (page) => measure(page, ["/sign-in"]));
  await visit({ locale: "uk" }, async (page) => measure(page, ["/invitation"]));
});

test("each page of an administrator is within the size of a first load, and stays where it is", async () => {
  const sold = await sell();
  await visit({ locale: "uk" }, async (page) => {
    await openAs(page, "/console/", company());
    const { id } = await departureOf(page, sold);
    const single = [
      `/departures/${id}`,
      `/departures/${id}/manifest`,
      `/orders/${sold.order}`,
      `/timetable/${await readyUpload(page)}`,
    ];
    await measure(page, [...PAGES.ADMIN, ...single]);
  });
  await visit({ locale: "uk" }, async (page) => {
    await openAs(page, "/console/", partner());
    await measure(page, OF_PARTNER.ADMIN);
  });
  await visit({ locale: "uk" }, async (page) => {
    await openAs(page, "/console/", operator());
    await measure(page, OF_PLATFORM);
  });
});

// A measurement waits half a second for the network to be idle, so two at a time take little longer than one.
describe("pages of other roles", { concurrency: 2 }, () => {
  for (const [place, pages] of [["company", PAGES], ["partner", OF_PARTNER]]) {
    for (const role of Object.keys(pages).filter((one) => one !== "ADMIN")) {
      test(`each page of the role ${role} of a ${place} is within the size of a first load, and stays where it is`, async () => {
        await asMember(place, role, (member) =>
          visit({ locale: "uk" }, async (page) => {
            await openAs(page, "/console/", member);
            await measure(page, pages[role]);
          }),
        );
      });
    }
  }
});
