// What somebody waits for: the scripts of a first load.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { company, journeys, operator, partner, signIn } from "./support.mjs";

const visit = journeys();

test("the first load of somebody who is signed in is at most 40 kB of compressed script", async () => {
  await visit({ locale: "uk" }, async (page) => {
    for (const [path, who] of [["/", company], ["/orders", company], ["/", partner], ["/", operator]]) {
      await page.context().clearCookies();
      await page.goto(`/console${path}`);
      await signIn(page, who());
      await page.reload();
      await page.locator("main#content h1").waitFor();
      await page.waitForLoadState("networkidle");
      const names = await page.evaluate(() =>
        performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname),
      );
      const scripts = [...new Set(names.filter((name) => name.endsWith(".js")))];
      const total = scripts.map(gzipped).reduce((sum, size) => sum + size, 0);
      assert.ok(total <= 40_000, `${total} bytes in ${scripts.join(" ")}`);
    }
  });
});

/** The size of a script as it is sent; the smallest ones are sent as they are. */
function gzipped(name) {
  const path = new URL(`../dist/${name.replace("/console/", "")}`, import.meta.url);
  const compressed = new URL(`${path}.gz`);
  return readFileSync(existsSync(compressed) ? compressed : path).length;
}
