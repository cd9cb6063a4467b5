import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { again, watch } from "../src/lib/watch";

const tab = Object.assign(new EventTarget(), { hidden: false });
const show = (isShown: boolean) => {
  tab.hidden = !isShown;
  tab.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.useFakeTimers();
  tab.hidden = false;
  vi.stubGlobal("document", tab);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("reads nothing while the page is hidden, and at once when it is shown again", () => {
  const read = vi.fn();
  watch(read, 30_000);
  expect(read).toHaveBeenCalledTimes(1);
  show(false);
  vi.advanceTimersByTime(3_600_000);
  expect(read).toHaveBeenCalledTimes(1);
  show(true);
  expect(read).toHaveBeenCalledTimes(2);
});

it("ends", () => {
  const read = vi.fn();
  const stop = again(read, 30_000);
  vi.advanceTimersByTime(30_000);
  expect(read).toHaveBeenCalledTimes(1);
  stop();
  show(true);
  vi.advanceTimersByTime(60_000);
  expect(read).toHaveBeenCalledTimes(1);
});
