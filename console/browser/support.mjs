// Shared by the journeys: the console behind a preview server (or at CONSOLE_URL), a browser, and the rule that an
// error on the console of a page, or a violation of the policy, fails a test.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const root = fileURLToPath(new URL("..", import.meta.url));

/** A setting of the platform, as in .dev/env. */
export function setting(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: source .dev/env`);
  return value;
}

export const company = () => ({ email: setting("BACKOFFICE_EMAIL"), password: setting("BACKOFFICE_PASSWORD") });
export const partner = () => ({ email: setting("PARTNER_EMAIL"), password: setting("PARTNER_PASSWORD") });
export const operator = () => ({ email: setting("OPS_EMAIL"), password: setting("OPS_PASSWORD") });

/** Serves dist, with the API behind it; returns the address and a function that stops it. */
export async function serve() {
  if (process.env.CONSOLE_URL) return { url: process.env.CONSOLE_URL, stop: async () => {} };
  setting("API_URL");
  // Imported here because each file of tests is a process of its own, and not all need it.
  const { preview } = await import("vite");
  const server = await preview({ root, logLevel: "error", preview: { port: 0, strictPort: false } });
  const { port } = server.httpServer.address();
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--enable-unsafe-swiftshader"],
  });

/** The languages of the journeys, with a function that picks a text: `say(Ukrainian, English)`. */
export const LANGUAGES = [
  ["uk", (ukrainian) => ukrainian],
  ["en-GB", (_, english) => english],
];

/** The origin of the console that `open` has opened; the API takes changes only from there. */
let origin;

/** A new browser profile with one page; `check` fails on everything that the page complained about. */
export async function open(
  browser,
  url,
  { locale = "en-GB", colorScheme = "light", width = 1280, height = 900, zone = "Europe/Kyiv" } = {},
) {
  origin = new URL(url).origin;
  const context = await browser.newContext({
    baseURL: url,
    locale,
    colorScheme,
    viewport: { width, height },
    acceptDownloads: true,
    reducedMotion: "reduce",
    timezoneId: zone,
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    // The API is asked whether the user is signed in: its 401 is an answer.
    const isAnswer = /status of 401/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isAnswer) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
    globalThis.shifts = [];
    new PerformanceObserver((list) =>
      list.getEntries().forEach(({ value, hadRecentInput, sources }) => {
        const moved = sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 80));
        if (!hadRecentInput) globalThis.shifts.push({ value, moved });
      }),
    ).observe({ type: "layout-shift", buffered: true });
  });
  /** Fails on complaints, except for those that a test causes on purpose. */
  const check = (expected = /^$/) =>
    assert.deepEqual(complaints.splice(0).filter((text) => !isAboutGraphics(text) && !expected.test(text)), []);
  return { context, page, check };
}

/** Chromium without a graphics card says that it draws slowly. */
const isAboutGraphics = (text) => /GPU stall|WebGL|software/i.test(text);

export async function signIn(page, { email, password }) {
  await page.locator("#email").fill(email);
  await page.locator("#password").fill(password);
  await page.locator("form button.primary").click();
  await page.locator("main#content h1").waitFor();
}

/** Opens a page as a user who has signed in before: the sign-in page takes as long again, and session.test.mjs tests it. */
export async function openAs(page, path, { email, password }) {
  const answer = await page.request.post("/v2/auth/login", { headers: { origin }, data: { email, password } });
  assert.ok(answer.ok(), `${email} cannot sign in: ${answer.status()}`);
  await page.goto(path);
  await page.locator("main#content h1").waitFor();
}

/** Changes a response of the API, where the demo has no such data. */
export const change = (page, path, changed) =>
  page.route(`**${path}`, async (route) => {
    const answer = await route.fetch();
    const json = await answer.json();
    changed(json.data);
    await route.fulfill({ response: answer, json });
  });

/**
 * Visits a page of the console and closes it; errors on its console and violations of the policy fail, except for
 * `expected`.
 */
export async function visit(browser, url, { expected, ...options }, journey) {
  const { context, page, check } = await open(browser, url, options);
  try {
    await journey(page, context);
    check(expected);
  } finally {
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
}

/**
 * For a file of tests: starts a server and a browser, ends them afterwards, and returns how journeys visit the console.
 */
export function journeys() {
  let browser, server;
  before(async () => {
    server = await serve();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  return (options, journey) => visit(browser, server.url, options, journey);
}

/** The first offer of a company within a week after an instant, and its day. */
export async function firstOffer(after, { seller = "demo-karpaty", from = "kyiv", to = "lviv" } = {}) {
  const headers = { "x-api-key": setting("API_KEY") };
  for (let ahead = 1; ahead < 8; ahead++) {
    const day = new Date(after + ahead * 86_400_000).toISOString().slice(0, 10);
    const search = `departureCity=${from}&arrivalCity=${to}&departureDate=${day}&passengers=1`;
    const { data } = await (await fetch(`${setting("API_URL")}/v2/offers?${search}`, { headers })).json();
    const offer = data.offers.find(({ slices }) => slices[0].route.company.slug === seller);
    if (offer) return { offer, day };
  }
  assert.fail(`the demo sells no seat of ${seller} within a week`);
}

/**
 * Sells one seat of a company over the Distribution API; returns the passenger's name, the order, and what was sold.
 */
export async function sell(wanted) {
  const name = `Journey${Math.random().toString(36).slice(2, 8)}`;
  const phones = [{ phone: `+38050${Math.random().toString().slice(2, 9)}` }];
  const passengers = [{ firstName: "Synthetic", lastName: name, phones }];
  const { tickets, offer, day } = await book(passengers, wanted);
  const [{ id, reference }] = tickets;
  const [{ route }] = offer.slices;
  return { name, phone: phones[0].phone, order: id, reference, day, route: route.id };
}

/** Books the first offer. If a journey beside this one has closed its sale meanwhile, another offer is sought. */
async function book(passengers, wanted) {
  const headers = { "x-api-key": setting("API_KEY"), "content-type": "application/json" };
  let refused;
  for (let tries = 0; tries < 10; tries++) {
    const { offer, day } = await firstOffer(Date.now(), wanted);
    const body = JSON.stringify({ offerId: offer.id, currency: "UAH", passengers });
    const answer = await fetch(`${setting("API_URL")}/v2/bookings`, { method: "POST", headers, body });
    const { data, errors } = await answer.json();
    if (answer.ok) return { tickets: data.booking.tickets, offer, day };
    refused = `${answer.status} ${JSON.stringify(errors)}`;
    if (answer.status !== 409) break;
    await wait(500);
  }
  assert.fail(`nothing can be booked: ${refused}`);
}

/** The departure with a ticket that `sell` has sold; the page is signed in to the company. */
export async function departureOf(page, { order, day, route }) {
  const read = async (path) => (await (await page.request.get(path)).json()).data;
  // A bus that leaves after midnight belongs to the service day before.
  const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
  const { departures } = await read(`/v2/departures?dateFrom=${before}&dateTo=${day}&take=100`);
  // Those of its route first, so that few lists of passengers are read.
  const sold = departures.filter(({ tickets }) => tickets.sold > 0);
  sold.sort((one, other) => (other.routeId === route) - (one.routeId === route));
  for (const departure of sold) {
    const { stops } = await read(`/v2/departures/${departure.id}/manifest`);
    if (stops.some(({ passengers }) => passengers.some(({ orderId }) => orderId === order))) return departure;
  }
  assert.fail(`no departure has the order ${order}`);
}

/** The token after the `#` in the mail of an invitation, once the mail server of the stack has stored it. */
export async function mailedToken(invitation) {
  const path = `${setting("MAIL_DIR")}/${invitation}@prexsell.example.eml`;
  for (let tries = 0; tries < 200; tries++) {
    // The HTML part is quoted-printable: its lines are joined again.
    const mail = existsSync(path) ? readFileSync(path, "latin1").replace(/=\r?\n/g, "") : "";
    const found = /\/console\/invitation#([\w-]+)/.exec(mail);
    if (found) return found[1];
    await wait(100);
  }
  assert.fail(`no mail at ${path} within 20 seconds`);
}

/** How much of a page may move while it loads; Google regards 0.1 as good. */
const SHIFT = 0.01;

/** Fails if what was shown has moved since the page was loaded, other than in response to the user. */
export async function stays(page, what) {
  const shifts = await page.evaluate(() => globalThis.shifts);
  const sum = shifts.reduce((all, { value }) => all + value, 0);
  assert.ok(sum <= SHIFT, `${what} moves by ${sum.toFixed(3)}: ${JSON.stringify(shifts)}`);
}

/** Goes to another page of the console without loading it again, as a link does. */
export const go = (page, path) =>
  page.evaluate((address) => {
    history.pushState(null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
  }, `/console${path}`);

/**
 * Goes to another page as `go` does, and waits until it shows its contents. Pages with the same address but another
 * query share their heading, so each page is reached from one that is neither.
 */
export async function turnTo(page, path) {
  for (const address of [path === "/nothing-here" ? "/account" : "/nothing-here", path]) {
    if (new URL(page.url()).pathname === `/console${address}`) continue;
    await page.locator("main h1").first().evaluate((heading) => heading.classList.add("former"));
    await go(page, address);
    await page.locator("main h1:not(.former)").first().waitFor();
  }
  await page.locator("main .waiting[role=status]").first().waitFor({ state: "detached" });
}

/** The user comes back to the tab, so that the page reads at once what it reads from time to time. */
export const comeBack = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

/** Fails on any finding of axe, on the whole page or within one element of it. */
export async function audit(page, what, within) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  await findNothing(page, {}, what, within);
}

/** Fails on any finding of axe about colours, on a page that was audited since it was loaded. */
export const auditColours = (page, what) => findNothing(page, { runOnly: ["color-contrast", "link-in-text-block"] }, what);

async function findNothing(page, options, what, within) {
  const run = ({ options, within }) => globalThis.axe.run(within ?? document, options);
  const { violations } = await page.evaluate(run, { options, within });
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n   ${failureSummary}`).join("\n  ")}`);
  assert.deepEqual(told, [], what);
}
