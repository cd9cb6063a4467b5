import { describe, expect, it } from "vitest";

import cs from "../src/lib/i18n/cs";
import en from "../src/lib/i18n/en";
import { fill } from "../src/lib/i18n/fill";
import pl from "../src/lib/i18n/pl";
import ro from "../src/lib/i18n/ro";
import ru from "../src/lib/i18n/ru";
import type { Group, Plural, Words } from "../src/lib/i18n/translation";
import uk from "../src/lib/i18n/uk";

const languages = { uk, pl, cs, ro, ru, en };
const groups = Object.keys(en.more) as Group[];
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

type Text = Record<string, string | Plural>;
/** The dictionaries of a language by their groups. */
async function all({ base, more }: Words): Promise<[string, Text][]> {
  const loaded = groups.map(async (group): Promise<[string, Text]> => [group, (await more[group]()).default]);
  return [["base", base], ...(await Promise.all(loaded))];
}

describe.each(Object.entries(languages))("%s", (tag, language) => {
  it("has the placeholders of the English texts, and no other text", async () => {
    const english = new Map(await all(en));
    for (const [group, words] of await all(language)) {
      expect(Object.keys(words), group).toEqual(Object.keys(english.get(group)!));
      for (const [key, text] of Object.entries(english.get(group)!)) {
        const said = words[key]!;
        const forms = typeof said === "string" ? [said] : Object.values(said);
        const wanted = placeholders(typeof text === "string" ? text : text.other);
        for (const form of forms) expect(placeholders(form), `${key} ${form}`).toEqual(wanted);
      }
    }
  });

  it("has every plural form of its language", async () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.sort();
    for (const [, words] of await all(language)) {
      for (const [key, said] of Object.entries(words)) {
        if (typeof said !== "string") expect(Object.keys(said).sort(), key).toEqual(categories);
      }
    }
  });
});

it("has hours in the case that a sentence wants", async () => {
  for (const [words, hour] of [[uk, "годину"], [pl, "godzinę"], [cs, "hodinu"]] as const) {
    const { default: rules } = await words.more.rules();
    for (const { one } of [rules["example.canceled"], rules["refunds.later"]]) expect(one).toContain(` ${hour} `);
  }
});

it("has each text once", async () => {
  const keys = (await all(en)).flatMap(([, words]) => Object.keys(words));
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});

it("fills placeholders, and leaves unknown ones", () => {
  expect(fill("{a} and {b} and {a}", { a: 1 })).toBe("1 and {b} and 1");
});
