import { describe, expect, it } from "vitest";

import cs from "../src/lib/i18n/cs";
import en from "../src/lib/i18n/en";
import { fill } from "../src/lib/i18n/fill";
import pl from "../src/lib/i18n/pl";
import ro from "../src/lib/i18n/ro";
import ru from "../src/lib/i18n/ru";
import uk from "../src/lib/i18n/uk";

const languages = { uk, pl, cs, ro, ru, en };
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe.each(Object.entries(languages))("%s", (tag, words) => {
  it("has the placeholders of the English texts, and no other text", () => {
    expect(Object.keys(words)).toEqual(Object.keys(en));
    for (const [key, text] of Object.entries(en)) {
      const said = words[key as keyof typeof en];
      const forms = typeof said === "string" ? [said] : Object.values(said);
      const wanted = placeholders(typeof text === "string" ? text : text.other);
      for (const form of forms) expect(placeholders(form), `${key} ${form}`).toEqual(wanted);
    }
  });

  it("has every plural form of its language", () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.sort();
    for (const [key, said] of Object.entries(words)) {
      if (typeof said !== "string") expect(Object.keys(said).sort(), key).toEqual(categories);
    }
  });
});

it("fills placeholders, and leaves unknown ones", () => {
  expect(fill("{a} and {b} and {a}", { a: 1 })).toBe("1 and {b} and 1");
});
