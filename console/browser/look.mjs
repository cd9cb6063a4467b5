import { launch, open, serve, signIn, company, partner } from "./support.mjs";
const { url, stop } = await serve();
const browser = await launch();
const out = new URL("./out/", import.meta.url).pathname;
const shots = process.argv.slice(2);
for (const spec of shots) {
  const [name, path, width, scheme, locale, who] = spec.split(",");
  const { page, context, check } = await open(browser, url, { width: +width, colorScheme: scheme, locale, height: +width < 500 ? 720 : 800 });
  await page.goto("/console" + path);
  if (who !== "none") await signIn(page, who === "partner" ? partner() : company());
  await page.waitForTimeout(name.includes("bus") ? 3500 : 900);
  if (name.includes("menu")) { await page.locator("button.opener").click(); await page.waitForTimeout(300); }
  await page.screenshot({ path: `${out}${name}.png`, fullPage: name.includes("full") });
  try { check(); } catch (e) { console.log(name, e.message.slice(0, 1500)); }
  await context.close();
}
await browser.close();
await stop();
