// A company with five thousand orders, sold one by one over the Distribution API: its people page through them and find
// one within seconds, on a running platform (settings as in .dev/env). On days far ahead, which no other journey uses.
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { company, journeys, openAs, setting } from "./support.mjs";

const visit = journeys();
const ORDERS = 5000;
/** Passengers of a booking: the maximum. */
const TOGETHER = 10;
/** Concurrent bookings. */
const BUYERS = 8;
/** Seconds within which an order is found. */
const SECONDS = 10;

const headers = { "x-api-key": setting("API_KEY"), "content-type": "application/json" };

async function ask(path, body) {
  const answer = await fetch(setting("API_URL") + path, { headers, ...(body && { method: "POST", body: JSON.stringify(body) }) });
  return { status: answer.status, data: (await answer.json()).data };
}

/** Offers of the company for as many passengers as a booking may have, from two weeks ahead on. */
async function* offers() {
  const from = Date.now() + 14 * 86_400_000;
  for (let ahead = 0; ahead < 60; ahead++) {
    const day = new Date(from + ahead * 86_400_000).toISOString().slice(0, 10);
    for (const [departure, arrival] of [["kyiv", "lviv"], ["lviv", "kyiv"]]) {
      const query = `departureCity=${departure}&arrivalCity=${arrival}&departureDate=${day}&passengers=${TOGETHER}`;
      const { data } = await ask(`/v2/offers?${query}`);
      const ours = data.offers.filter(({ slices }) => slices[0].route.company.slug === "demo-karpaty");
      for (const { id, seatsLeft } of ours) {
        // The same offer is booked again while it has seats.
        for (let left = seatsLeft; left >= TOGETHER; left -= TOGETHER) yield { id, day };
      }
    }
  }
}

const passenger = (i) => ({
  firstName: "Volume",
  lastName: `Passenger${String(i).padStart(4, "0")}`,
  phones: [{ phone: `+38063${String(1_000_000 + i)}` }],
});

/** The last order that was sold, with its day. */
let last;

before(async () => {
  const source = offers();
  let next = 0;
  const buy = async () => {
    while (next < ORDERS) {
      const { value: offer, done } = await source.next();
      assert.ok(!done, `the demo has seats for ${next} passengers only`);
      const first = next;
      next += TOGETHER;
      const passengers = Array.from({ length: TOGETHER }, (_, i) => passenger(first + i));
      const { status, data } = await ask("/v2/bookings", { offerId: offer.id, currency: "UAH", passengers });
      if (status === 201) last = { ...data.booking.tickets[0], day: offer.day, i: first };
      else assert.fail(`a booking was answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: BUYERS }, buy));
});

for (const [locale, words] of [
  ["uk", { count: /замовлен/, next: "Далі", pages: "Сторінки списку", narrow: /Виберіть день відправлення/ }],
  ["en-GB", { count: /orders$/, next: "Next", pages: "Pages of the list", narrow: /Choose a day of departure/ }],
]) {
  test(`five thousand orders are counted, paged and searched (${locale})`, async () => {
    await visit({ locale, expected: /status of 400/ }, async (page) => {
      await openAs(page, "/console/orders", company());
      const counted = await page.getByRole("status").filter({ hasText: words.count }).innerText();
      const total = Number(counted.replace(/\D/g, ""));
      assert.ok(total >= ORDERS, counted);

      const start = performance.now();
      const pages = page.getByRole("navigation", { name: words.pages });
      await pages.getByRole("button", { name: words.next }).click();
      await page.waitForURL("**/orders?skip=50");
      await page.goto(`/console/orders?skip=${Math.floor((total - 1) / 50) * 50}`);
      await page.locator("td a").first().waitFor();
      assert.ok(await pages.getByRole("button", { name: words.next }).isDisabled());

      const search = page.getByRole("searchbox");
      for (const text of [passenger(last.i).lastName, passenger(last.i).phones[0].phone, last.reference]) {
        await search.fill(text);
        await search.press("Enter");
        await page.getByRole("row").filter({ hasText: passenger(last.i).lastName }).waitFor();
      }
      assert.ok((performance.now() - start) / 1000 < SECONDS);

      // A name that all have is narrowed down by the day.
      await search.fill("Volume");
      await search.press("Enter");
      await page.getByText(words.narrow).waitFor();
      await page.goto(`/console/orders?search=Volume&day=${last.day}`);
      await page.getByRole("row").filter({ hasText: "Volume" }).first().waitFor();
    });
  });
}
