import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { poll } from "../src/pages/reports/poll";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { hidden: false });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("asks until all is finished", async () => {
  const ask = vi.fn(async () => ask.mock.calls.length === 3);
  poll(ask);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).toHaveBeenCalledTimes(3);
});

it("sends no requests while the page is hidden", async () => {
  const tab = { hidden: true };
  vi.stubGlobal("document", tab);
  const ask = vi.fn(async () => true);
  poll(ask);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).not.toHaveBeenCalled();
  tab.hidden = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).toHaveBeenCalledTimes(1);
});

it("asks no more once it is stopped, also while an answer is awaited", async () => {
  let answer: (isFinished: boolean) => void = () => {};
  const ask = vi.fn(() => new Promise<boolean>((resolve) => (answer = resolve)));
  const stop = poll(ask);
  await vi.advanceTimersByTimeAsync(1000);
  expect(ask).toHaveBeenCalledTimes(1);
  stop();
  answer(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).toHaveBeenCalledTimes(1);
});
