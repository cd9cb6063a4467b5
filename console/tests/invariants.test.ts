import { expect, it } from "vitest";

import source from "../../common/domain/src/invariant.rs?raw";
import cs from "../src/lib/i18n/cs";
import en from "../src/lib/i18n/en";
import pl from "../src/lib/i18n/pl";
import ro from "../src/lib/i18n/ro";
import ru from "../src/lib/i18n/ru";
import uk from "../src/lib/i18n/uk";

/** The rules of the platform with what breaks them, as its source has them. */
const rules = [...source.matchAll(/= "(\w+)", \w+, "([^"]+)";/g)];

it.each(Object.entries({ uk, pl, cs, en, ro, ru }))("each rule of the platform has a text in %s", async (tag, { more }) => {
  expect(rules.length).toBeGreaterThan(20);
  const { default: invariants } = await more.invariants();
  const words: Record<string, string> = invariants;
  expect(Object.keys(words)).toEqual(rules.map(([, name]) => `invariant.${name}`));
  // The English text is the platform's own.
  if (tag === "en") expect(Object.values(words)).toEqual(rules.map(([, , meaning]) => meaning));
});
