import { beforeAll, beforeEach, expect, it, vi } from "vitest";

import { ago, speak } from "../src/lib/i18n/index.svelte";
import { synchronize, time } from "../src/lib/time";

const REAL = Date.parse("2026-11-28T12:00:00Z");

beforeAll(async () => {
  vi.stubGlobal("document", { documentElement: {} });
  await speak("en");
});
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(REAL);
  synchronize(null);
  return () => vi.useRealTimers();
});

it("is that of the platform where the clock of the browser is wrong", () => {
  vi.setSystemTime(REAL + 40 * 60_000);
  synchronize("Sat, 28 Nov 2026 12:00:00 GMT");
  expect(time()).toBe(REAL);
  vi.advanceTimersByTime(60_000);
  expect(time()).toBe(REAL + 60_000);
});

it("is that of the browser where they differ by little, and where an answer has no date", () => {
  vi.setSystemTime(REAL + 3000);
  synchronize("Sat, 28 Nov 2026 12:00:00 GMT");
  expect(time()).toBe(REAL + 3000);
  synchronize(null);
  expect(time()).toBe(REAL + 3000);
});

it("puts no past event into the future", () => {
  expect(ago("2026-11-28T12:00:03Z", REAL)).toBe("now");
  expect(ago("2026-11-28T11:59:57Z", REAL)).toBe("3 seconds ago");
});
