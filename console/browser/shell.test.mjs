// The frame around every page, on a running platform (settings as in .dev/env).
import assert from "node:assert/strict";
import { test } from "node:test";

import { audit, company, journeys, openAs } from "./support.mjs";

const visit = journeys();

test("on a phone, entries that do not fit the navigation are behind one entry", async () => {
  await visit({ width: 320, height: 640 }, async (page) => {
    await openAs(page, "/console/orders", company());
    const people = page.getByRole("navigation").getByRole("link", { name: "People" });
    assert.equal(await people.count(), 0);
    await page.getByRole("button", { name: "More" }).click();
    await audit(page, "more sections");
    await people.click();
    await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
    assert.equal(await people.count(), 0);
  });
});
