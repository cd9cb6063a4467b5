import { beforeAll, describe, expect, it, vi } from "vitest";

import openapi from "../../docs/openapi.json?raw";
import en from "../src/lib/i18n/en";
import { speak } from "../src/lib/i18n/index.svelte";
import { familyOf, learnReasons, reasonText } from "../src/pages/timetable/reason";

const stop = { code: "STOP_UNKNOWN", values: { stop: "kyiv-9" } } as const;
const trip = { code: "TRIP_LEFT_OUT", values: { trip: "k1" } } as const;
const sold = [
  { code: "SOLD_DEPARTURE", values: { trip: "k1", day: "2026-12-01", tickets: "2" } },
  { code: "TRIP_GONE", values: {} },
] as const;
const ENGLISH = 'stop "kyiv-9" is not in stops.txt; trip "k1" is left out';

describe("a reason in Ukrainian", () => {
  beforeAll(async () => {
    vi.stubGlobal("document", { documentElement: {} });
    await speak("uk");
    await learnReasons([[stop], sold]);
  });

  it("is written from its clauses", () => {
    expect(reasonText([stop, trip], ENGLISH)).toEqual({
      text: "Зупинки «kyiv-9» немає в stops.txt; рейс «k1» пропущено",
    });
  });

  it("says where it is first, and writes days as its reader does", () => {
    const text = "Рейс «k1», вт, 1 грудня 2026 р., продано квитків: 2; рейс зник із розкладу";
    expect(reasonText(sold, "")).toEqual({ text });
  });

  it("is the English one when it has no clauses, or one that is new", () => {
    expect(reasonText([], ENGLISH)).toEqual({ text: ENGLISH, lang: "en" });
    expect(reasonText(undefined, ENGLISH)).toEqual({ text: ENGLISH, lang: "en" });
    expect(reasonText([stop, { code: "FROM_TOMORROW" as "NO_TRIP", values: {} }], ENGLISH)).toEqual({ text: ENGLISH, lang: "en" });
  });
});

it("has the values of each code that the API's document names", async () => {
  const document = JSON.parse(openapi);
  const { description, enum: codes } = document.components.schemas.TimetableReasonCode;
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  const lines = [...description.matchAll(/^- `(\w+)`: (.*)$/gm)].map(([, code, text]) => [code, names(text)]);
  expect(lines.map(([code]) => code)).toEqual(codes);
  for (const [code, wanted] of lines) {
    // In the words of its family: no other ones are loaded for it.
    const { default: family } = await en.more[familyOf(code)]();
    const text = names((family as Record<string, string>)[`reason.${code}`]!);
    expect(wanted, code).toEqual(expect.arrayContaining(text));
  }
});
