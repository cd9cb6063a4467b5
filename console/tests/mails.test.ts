import { describe, expect, it } from "vitest";

import cs from "../src/lib/i18n/cs";
import en from "../src/lib/i18n/en";
import pl from "../src/lib/i18n/pl";
import ro from "../src/lib/i18n/ro";
import ru from "../src/lib/i18n/ru";
import uk from "../src/lib/i18n/uk";

/** The words of mails, as the API's source has them. */
const sources = import.meta.glob<string>(
  [
    "../../common/domain/src/notification/words/*.rs",
    "../../common/domain/src/report/letter/words.rs",
    "../../common/domain/src/invitation/mail.rs",
  ],
  { query: "?raw", import: "default", eager: true },
);
const source = (path: string) => sources[`../../common/domain/src/${path}.rs`]!;

/** What a message to a passenger calls something (there are none in Romanian), by what the console's texts are. */
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

/** The words of a mail in a language, from the table of the source. */
function wordsOf(source: string, tag: string): Record<string, string> {
  const table = source.match(new RegExp(`const ${tag.toUpperCase()}: Words = Words \\{([^]*?)\\n\\};`))![1]!;
  return Object.fromEntries([...table.matchAll(/^ {4}(\w+): "(.*)",$/gm)].map(([, name, text]) => [name, text]));
}

describe.each(Object.entries({ uk, pl, cs, en, ru }))("mails in %s", (tag, { base, more }) => {
  it("to passengers call things what the console calls them", async () => {
    const mail = source(`notification/words/${tag}`);
    const [orders, states] = await Promise.all([more.orders(), more.states()]);
    const words: Record<string, unknown> = { ...orders.default, ...states.default };
    for (const [name, key] of Object.entries(SAME)) expect(words[key], key).toBe(label(mail, name));
  });

  it("with a report call things what the console calls them", async () => {
    const mail = wordsOf(source("report/letter/words"), tag);
    const [{ default: reports }, { default: schedule }] = await Promise.all([more.reports(), more.schedule()]);
    expect(mail.by_day_of_sale).toMatch(new RegExp(` ${reports["reports.by.createdAt"]}$`, "i"));
    expect(mail.by_day_of_travel).toMatch(new RegExp(` ${reports["reports.by.departureDate"]}$`, "i"));
    expect(mail.lead!.toLowerCase()).toContain(schedule["schedules.changeTitle"].toLowerCase());
    expect(mail.failed_note).toMatch(new RegExp(`[“„«]${base["nav.reports"]}[”“»]`));
  });
});

describe.each(Object.entries({ uk, pl, cs, en, ro, ru }))("in %s", (tag, { more }) => {
  it("the mail of an invitation says what its page says", async () => {
    const mail = wordsOf(source("invitation/mail"), tag);
    const { default: invitation } = await more.invitation();
    expect(mail.button).toBe(invitation["invitation.accept"]);
    expect(mail.lead).toBe(invitation["invitation.lead"]);
  });
});
