// Every page, light and dark, at a wide and a narrow screen, has no finding of axe and no sideways scroll.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { readyUpload } from "./feed.mjs";
import { audit, company, departureOf, launch, open, operator, partner, sell, serve, signIn } from "./support.mjs";

let browser, server, sold;
before(async () => {
  sold = await sell();
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const PAGES = [
  ["/today", company],
  ["/today/messages", company],
  ["/departures", company],
  ["sold departure", company],
  ["sold departure/manifest", company],
  ["/timetable", company],
  ["ready upload", company],
  ["/orders", company],
  ["/orders?search=nobody-is-called-this", company],
  ["first order", company],
  ["/reports", company],
  ["/buses", company],
  ["first bus", company],
  ["/partners", company],
  ["/rules", company],
  ["/people", company],
  ["/account", company],
  ["/nothing-here", company],
  ["/keys", company],
  ["/keys", partner],
  ["/usage", partner],
  ["/migration", partner],
  ["/people", partner],
  ["/ops", operator],
  ["/ops/jobs", operator],
  ["/ops/story", operator],
  ["/ops/members", operator],
  ["/ops/audit", operator],
];

async function auditAt(page, what) {
  await page.waitForLoadState("networkidle");
  await audit(page, what);
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(widths[0] <= widths[1], `${what} scrolls sideways: ${widths}`);
}

// An audit waits half a second for the network to be quiet, so several at a time take little longer than one.
describe("pages without findings", { concurrency: 3 }, () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 320]) {
      for (const locale of ["uk", "en-GB"]) {
        test(`${colorScheme}, ${width} px, ${locale}`, async () => {
          for (const who of [company, partner, operator]) {
            const { context, page, check } = await open(browser, server.url, { colorScheme, width, locale });
            await page.goto("/console/");
            await page.locator("#email").waitFor();
            await auditAt(page, "sign-in");
            await signIn(page, who());
            for (const [path] of PAGES.filter(([, whose]) => whose === who)) {
              if (path === "first order") {
                await page.goto("/console/orders");
                await page.locator("td a").first().click();
                await page.locator("h1").waitFor();
              } else if (path === "ready upload") {
                await page.goto(`/console/timetable/${await readyUpload(page)}`);
                await page.locator("#rejected").waitFor();
              } else if (path === "first bus") {
                const { data } = await (await page.request.get("/v2/geolocation/fms-objects")).json();
                await page.goto(`/console/buses?bus=${data.fmsObjects[0].id}`);
                await page.getByRole("slider").waitFor();
              } else if (path.startsWith("sold departure")) {
                const { id } = await departureOf(page, sold);
                await page.goto(`/console/departures/${id}${path.slice("sold departure".length)}`);
                await page.getByText(sold.name).first().waitFor();
              } else {
                await page.goto(`/console${path}`);
                await page.locator("main h1").waitFor();
              }
              await auditAt(page, path);
              const hasDialogs = ["first order", "sold departure", "ready upload", "/reports"].includes(path) || (path === "/keys" && who === partner);
              if (hasDialogs) await auditDialogs(page, path);
            }
            check();
            await context.close();
          }
        });
      }
    }
  }
});

/** Each button that opens a dialog: the dialog too has no finding. */
async function auditDialogs(page, path) {
  const buttons = page.locator("main :is(.page-head, .head) .actions button[aria-haspopup=dialog]");
  // A page may still be loading what its buttons belong to; one without them would be tested for nothing.
  await buttons.first().waitFor();
  for (let i = 0; i < (await buttons.count()); i++) {
    await buttons.nth(i).click();
    await page.locator("dialog[open]").waitFor();
    await auditAt(page, `${path}, dialog ${i}`);
    await page.keyboard.press("Escape");
  }
}
