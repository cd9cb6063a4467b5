// Takes the pictures in docs/console: `npm run screenshots`, on a running platform (settings as in .dev/env).
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { readyUpload } from "./feed.mjs";
import { migrating } from "./migrating.mjs";
import { company, launch, open, operator, partner, serve, signIn } from "./support.mjs";

const folder = fileURLToPath(new URL("../../docs/console/", import.meta.url));
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 320, height: 640 };

const PICTURES = [
  { name: "sign-in", path: "/", size: WIDE, locale: "uk", colorScheme: "light" },
  { name: "today", path: "/today", size: WIDE, locale: "uk", colorScheme: "light", who: company },
  { name: "today-narrow", path: "/today", size: NARROW, locale: "en-GB", colorScheme: "dark", who: company },
  { name: "departure", path: "fullest departure", size: WIDE, locale: "uk", colorScheme: "light", who: company },
  { name: "passenger-list", path: "fullest departure/manifest", size: WIDE, locale: "en-GB", colorScheme: "light", who: company },
  { name: "timetable", path: "/timetable", size: WIDE, locale: "uk", colorScheme: "light", who: company },
  { name: "timetable-upload", path: "ready upload", size: WIDE, locale: "en-GB", colorScheme: "light", who: company },
  { name: "orders", path: "/orders", size: WIDE, locale: "uk", colorScheme: "light", who: company },
  { name: "orders-narrow", path: "/orders", size: NARROW, locale: "uk", colorScheme: "dark", who: company },
  { name: "order", path: "first order", size: WIDE, locale: "en-GB", colorScheme: "light", who: company },
  { name: "order-narrow", path: "first order", size: NARROW, locale: "pl", colorScheme: "light", who: company },
  { name: "reports", path: "/reports", size: WIDE, locale: "en-GB", colorScheme: "dark", who: company },
  { name: "buses", path: "/buses", size: WIDE, locale: "uk", colorScheme: "light", who: company },
  { name: "buses-narrow", path: "/buses", size: NARROW, locale: "uk", colorScheme: "dark", who: company },
  { name: "partners", path: "/partners", size: WIDE, locale: "cs", colorScheme: "dark", who: company },
  { name: "rules", path: "/rules", size: WIDE, locale: "uk", colorScheme: "light", who: company },
  { name: "keys", path: "/keys", size: WIDE, locale: "en-GB", colorScheme: "light", who: partner },
  { name: "usage", path: "/usage", size: WIDE, locale: "uk", colorScheme: "light", who: partner },
  { name: "migration", path: "/migration", size: WIDE, locale: "uk", colorScheme: "light", who: partner },
  { name: "queues", path: "/ops", size: WIDE, locale: "en-GB", colorScheme: "dark", who: operator },
];

/** The departure of the next two days with the most sold tickets. */
async function fullest(page) {
  const [dateFrom, dateTo] = [0, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
  const answer = await page.request.get(`/v2/departures?dateFrom=${dateFrom}&dateTo=${dateTo}&take=100`);
  const { departures } = (await answer.json()).data;
  return departures.reduce((most, one) => (one.tickets.sold > most.tickets.sold ? one : most)).id;
}

mkdirSync(folder, { recursive: true });
const server = await serve();
const browser = await launch();
for (const { name, path, size, locale, colorScheme, who } of PICTURES) {
  const { context, page } = await open(browser, server.url, { ...size, locale, colorScheme });
  await page.route("**/v2/partner/migration", (route) => route.fulfill({ json: { data: { migration: migrating() } } }));
  await page.goto(`/console${path.startsWith("/") ? path : "/orders"}`);
  await page.locator("h1").waitFor();
  if (who) await signIn(page, who());
  if (path === "first order") await page.locator("td a").first().click();
  if (path === "ready upload") {
    await page.goto(`/console/timetable/${await readyUpload(page)}`);
    await page.locator("#rejected").waitFor();
  }
  if (path.startsWith("fullest departure")) {
    await page.goto(`/console/departures/${await fullest(page)}${path.slice("fullest departure".length)}`);
    await page.locator("main h1").waitFor();
  }
  await page.waitForLoadState("networkidle");
  // Let animations of the map end, and move the pointer away from rows.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(path === "/buses" ? 2500 : 300);
  await page.screenshot({ path: `${folder}${name}.png` });
  await context.close();
}
await browser.close();
await server.stop();
