import { describe, expect, it } from "vitest";

import cs from "../src/lib/i18n/cs";
import en from "../src/lib/i18n/en";
import pl from "../src/lib/i18n/pl";
import ru from "../src/lib/i18n/ru";
import uk from "../src/lib/i18n/uk";

/** The words of messages to passengers, as the API's source has them: there are none in Romanian. */
const sources = import.meta.glob<string>("../../common/domain/src/notification/words/*.rs", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** What a message calls something, by what the console's texts for the same are. */
const SAME = {
  departure: "order.departure",
  platform: "order.platform",
  passenger: "order.passenger",
  seat: "order.seat",
  price: "order.price",
  due: "order.due",
  refund: "order.refund",
  order: "order.reference",
} as const;

/** A label of the messages, from the source. */
function label(source: string, name: string): string | undefined {
  return source.match(new RegExp(`labels: Labels \\{[^}]*\\b${name}: "([^"]+)"`))?.[1];
}

describe.each(Object.entries({ uk, pl, cs, en, ru }))("messages to passengers in %s", (tag, { more }) => {
  it("call things what the console calls them", async () => {
    const source = sources[`../../common/domain/src/notification/words/${tag}.rs`]!;
    const [orders, states] = await Promise.all([more.orders(), more.states()]);
    const words: Record<string, unknown> = { ...orders.default, ...states.default };
    for (const [name, key] of Object.entries(SAME)) expect(words[key], key).toBe(label(source, name));
  });
});
