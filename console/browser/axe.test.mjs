// axe finds nothing on any page or dialog, and none scrolls sideways: in light and dark, on a wide and a narrow screen.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { readyUpload } from "./feed.mjs";
import { audit, auditColours, change, company, departureOf, launch, open, openAs, operator, partner, sell, serve, setting, stays, turnTo } from "./support.mjs";

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
  ["sold day", company],
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
  ["story of an order", operator],
  ["/ops/members", operator],
  ["/ops/audit", operator],
];

/**
 * Audits what a page shows in the scheme in which it was loaded, and its colours in the other one too: of all rules of
 * axe, only those about colours depend on the scheme.
 */
async function auditAt(page, what) {
  await page.waitForLoadState("networkidle");
  await audit(page, what);
  await fits(page, what);
  const loaded = await page.evaluate(() => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  const other = loaded === "dark" ? "light" : "dark";
  await page.emulateMedia({ colorScheme: other });
  await auditColours(page, `${what}, ${other}`);
  await page.emulateMedia({ colorScheme: loaded });
}

/** Asserts that nothing is wider than the screen. */
async function fits(page, what) {
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(widths[0] <= widths[1], `${what} scrolls sideways: ${widths}`);
}

/** Pages for users who are not signed in: those of the console, and those that the API itself serves. */
const OPEN = ["/sign-in", "/invitation", "/invitation#of-nobody"];
const OF_API = ["/", "/introduction", "/guides/distribution-getting-started", "/guides/rest-to-v2-migration"];

/** Loads a page of the console. */
async function load(page, path) {
  await page.goto(`/console${path}`);
  await page.locator("main h1").waitFor();
}

/** Opens a page by its address, or by a name that stands for one; `to` goes there. */
async function visitPage(page, path, to = load) {
  if (path === "first order") {
    await to(page, "/orders");
    await page.locator("td a").first().click();
    await page.locator(".badges").first().waitFor();
  } else if (path === "ready upload") {
    await to(page, `/timetable/${await readyUpload(page)}`);
    await page.locator("#rejected").waitFor();
  } else if (path === "first bus") {
    const { data } = await (await page.request.get("/v2/geolocation/fms-objects")).json();
    await to(page, `/buses?bus=${data.fmsObjects[0].id}`);
    await page.getByRole("slider").waitFor();
  } else if (path === "sold day") {
    await to(page, `/departures?day=${sold.day}`);
    await page.getByRole("table").first().waitFor();
  } else if (path === "story of an order") {
    await to(page, `/ops/story?id=${sold.order}`);
    await page.locator("ol.rows li").first().waitFor();
  } else if (path.startsWith("sold departure")) {
    const { id } = await departureOf(page, sold);
    await to(page, `/departures/${id}${path.slice("sold departure".length)}`);
    await page.getByText(sold.name).first().waitFor();
  } else {
    await to(page, path);
  }
}

/** Adds a dead job, which the demo does not have, so that the page of dead jobs shows its buttons. */
function withDeadJob(page) {
  const at = new Date().toISOString();
  const group = { queue: "email", kind: "email.send", error: "# mailbox unavailable", count: 3, firstAt: at, lastAt: at };
  return change(page, "/v2/ops/job-errors", (data) => (data.errors = [{ ...group, latestJobId: "job_01980c6a5f0e7d8c" }]));
}

/**
 * Opens a dialog with each kind of button, and audits it in the scheme of the page. What is behind a dialog has been
 * audited; and since each width has its own scheme, so has each dialog been in both.
 */
async function auditDialogs(page, path) {
  const buttons = page.locator("main button[aria-haspopup=dialog]");
  // Buttons in a list name their item; one of each kind is enough.
  const kinds = await buttons.evaluateAll((all) => all.map((one) => one.firstChild?.textContent?.trim() || one.textContent.trim()));
  for (const [i, kind] of kinds.entries()) {
    if (kinds.indexOf(kind) !== i) continue;
    await buttons.nth(i).click();
    await page.locator("dialog[open]").waitFor();
    await audit(page, `${path}, dialog ${kind}`, "dialog[open]");
    await fits(page, `${path}, dialog ${kind}`);
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
  }
  return kinds.length;
}

/** Audits the account menu, and on a narrow screen the menu of the sections that do not fit there. */
async function auditMenus(page) {
  for (const [opener, menu] of [["button.opener", "#account-menu"], [".more button", "#more"]]) {
    if (!(await page.locator(opener).isVisible())) continue;
    await page.locator(opener).click();
    await page.locator(`${menu} :is(a, button)`).first().waitFor();
    await auditAt(page, menu);
    await page.keyboard.press("Escape");
    await page.locator(menu).waitFor({ state: "hidden" });
  }
}

// Every page is audited in both schemes at each width, and every dialog in one scheme at each; languages and the scheme
// at the start take turns.
const LOOKS = [
  ["light", 1280, "uk"],
  ["dark", 320, "en-GB"],
];

// An audit waits half a second for the network to be idle, so several at a time take little longer than one.
describe("pages without findings", { concurrency: 3 }, () => {
  for (const [colorScheme, width, locale] of LOOKS) {
    test(`${colorScheme}, ${width} px, ${locale}`, async () => {
      const guest = await open(browser, server.url, { colorScheme, width, locale });
      for (const path of OPEN) {
        await guest.page.goto("about:blank");
        await guest.page.goto(`/console${path}`);
        await guest.page.locator("h1").waitFor();
        await auditAt(guest.page, path);
      }
      for (const path of OF_API) {
        await guest.page.goto(setting("API_URL") + path);
        await auditAt(guest.page, `${path} of the API`);
      }
      guest.check(/status of 4(04|00)/);
      await guest.context.close();
      let dialogs = 0;
      for (const who of [company, partner, operator]) {
        const { context, page, check } = await open(browser, server.url, { colorScheme, width, locale });
        await withDeadJob(page);
        await openAs(page, "/console/", who());
        for (const [path] of PAGES.filter(([, whose]) => whose === who)) {
          await visitPage(page, path);
          await auditAt(page, path);
          if (path !== "first order") await stays(page, `${path} at ${width} px`);
          dialogs += await auditDialogs(page, path);
        }
        await auditMenus(page);
        check();
        await page.unrouteAll({ behavior: "ignoreErrors" });
        await context.close();
      }
      assert.ok(dialogs > 20, `${dialogs} dialogs`);
    });
  }

  // Words are longer here than in English: they must not make a page wider than a phone. The console itself is loaded
  // once for each user: from page to page, only words and data are.
  for (const locale of ["pl", "cs", "ro", "ru"]) {
    test(`no sideways scroll at 320 px in ${locale}`, async () => {
      for (const who of [company, partner, operator]) {
        const { context, page, check } = await open(browser, server.url, { width: 320, locale });
        await withDeadJob(page);
        await openAs(page, "/console/", who());
        for (const [path] of PAGES.filter(([, whose]) => whose === who)) {
          await visitPage(page, path, turnTo);
          await fits(page, `${path} in ${locale}`);
        }
        check();
        await page.unrouteAll({ behavior: "ignoreErrors" });
        await context.close();
      }
    });
  }
});
