// The cost of the console on a slow phone: bytes, first and largest paint, layout shift and the response to a click, as
// a table for docs/CONSOLE.md. `npm run figures` on a running platform (settings as in .dev/env) with a built console.
import { company, launch, open, operator, serve, signIn } from "./support.mjs";

/** A processor four times slower, and 1.6 Mbit/s with 150 ms: Lighthouse's settings for a phone. */
const PROCESSOR = 4;
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
const RUNS = 3;

/** Pages, and the click to measure on each. */
const PAGES = [
  ["Sign in", "/sign-in", null, (page) => page.locator("#email").click()],
  ["Today", "/today", company, (page) => page.locator("nav li:nth-child(3) a").first().click()],
  ["Orders", "/orders", company, (page) => page.locator("main :is(summary, button)").first().click()],
  ["Queues", "/ops", operator, (page) => page.locator("main button[aria-haspopup=dialog]").first().click()],
];

/** Records paints, shifts and clicks from the start of a page. */
function watch() {
  const seen = (globalThis.figures = { fcp: 0, lcp: 0, cls: 0, click: 0 });
  const observe = (type, take, options = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...options });
  observe("paint", ({ name, startTime }) => name === "first-contentful-paint" && (seen.fcp = startTime));
  observe("largest-contentful-paint", ({ startTime }) => (seen.lcp = startTime));
  observe("layout-shift", ({ value, hadRecentInput }) => hadRecentInput || (seen.cls += value));
  observe("event", ({ duration }) => (seen.click = Math.max(seen.click, duration)), { durationThreshold: 16 });
}

async function measure(browser, url, [, path, who, click]) {
  const { context, page } = await open(browser, url, { locale: "uk", width: 412, height: 823 });
  if (who) {
    await page.goto("/console/");
    await signIn(page, who());
  }
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await devtools.send("Network.emulateNetworkConditions", NETWORK);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: PROCESSOR });
  const bytes = { js: 0, css: 0, all: 0 };
  const kinds = new Map();
  devtools.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    bytes.all += encodedDataLength;
    if (kinds.get(requestId) === "Script") bytes.js += encodedDataLength;
    if (kinds.get(requestId) === "Stylesheet") bytes.css += encodedDataLength;
  });
  await page.addInitScript(watch);
  await page.goto(`/console${path}`);
  await page.locator("h1").first().waitFor();
  await page.waitForLoadState("networkidle");
  const loaded = { ...bytes };
  await click(page);
  // After two paints, what a click changed is on the screen, and its duration is known.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(() => globalThis.figures.click > 0, null, { timeout: 5_000 }).catch(() => {});
  const seen = await page.evaluate(() => globalThis.figures);
  await context.close();
  return { ...loaded, ...seen };
}

const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const kilobytes = (size) => `${(size / 1000).toFixed(1)} kB`;
const seconds = (time) => `${(time / 1000).toFixed(1)} s`;

const server = await serve();
const browser = await launch();
console.log("| page | scripts | styles | all | first paint | largest paint | layout shift | click to paint |");
console.log("|---|---|---|---|---|---|---|---|");
for (const one of PAGES) {
  const runs = [];
  for (let run = 0; run < RUNS; run++) runs.push(await measure(browser, server.url, one));
  const of = (name) => middle(runs.map((figures) => figures[name]));
  const sizes = ["js", "css", "all"].map((name) => kilobytes(of(name)));
  // The browser does not report events that take less than 16 ms.
  const click = of("click") > 0 ? `${of("click")} ms` : "< 16 ms";
  console.log(`| ${[one[0], ...sizes, seconds(of("fcp")), seconds(of("lcp")), of("cls").toFixed(3), click].join(" | ")} |`);
}
await browser.close();
await server.stop();
