// What the journeys share: the console behind a preview server (or at CONSOLE_URL), a browser, and the rule that an error on
// the console of a page, or a violation of the policy, fails a test.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { preview } from "vite";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const root = fileURLToPath(new URL("..", import.meta.url));

/** A setting of the platform, as .dev/env has it. */
export function setting(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: source .dev/env`);
  return value;
}

export const company = () => ({ email: setting("BACKOFFICE_EMAIL"), password: setting("BACKOFFICE_PASSWORD") });
export const partner = () => ({ email: setting("PARTNER_EMAIL"), password: setting("PARTNER_PASSWORD") });

/** Serves dist, with the API behind it; returns the address and what stops it. */
export async function serve() {
  if (process.env.CONSOLE_URL) return { url: process.env.CONSOLE_URL, stop: async () => {} };
  setting("API_URL");
  const server = await preview({ root, logLevel: "error", preview: { port: 0, strictPort: false } });
  const { port } = server.httpServer.address();
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--enable-unsafe-swiftshader"],
  });

/** A fresh browser profile with one page; `check` fails on whatever the page complained about. */
export async function open(browser, url, { locale = "en-GB", colorScheme = "light", width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({
    baseURL: url,
    locale,
    colorScheme,
    viewport: { width, height },
    acceptDownloads: true,
    reducedMotion: "reduce",
    timezoneId: "Europe/Kyiv",
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    // Whether somebody is signed in is asked of the API: its 401 is an answer.
    const isAnswer = /status of 401/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isAnswer) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(() =>
    addEventListener("securitypolicyviolation", (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
  /** Fails on complaints, but for those that a test causes on purpose. */
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

/** Fails on any finding of axe. */
export async function audit(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n   ${failureSummary}`).join("\n  ")}`);
  assert.deepEqual(told, [], what);
}
