import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { learn, speak } from "../src/lib/i18n/index.svelte";

/** A request whose body is sent when a test says so, and that is never answered. */
class Silent {
  static last: Silent;
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  onabort = () => {};
  isAborted = false;
  constructor() {
    Silent.last = this;
  }
  open() {}
  setRequestHeader() {}
  send() {}
  abort() {
    this.isAborted = true;
    this.onabort();
  }
}

beforeEach(async () => {
  vi.stubGlobal("document", { documentElement: {} });
  vi.stubGlobal("location", { origin: "http://localhost" });
  vi.stubGlobal("XMLHttpRequest", Silent);
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ data: {} })));
  await speak("en");
  await learn(["failures"]);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("ends when nothing is sent and nothing answered for a minute", async () => {
  const { Feed } = await import("../src/pages/timetable/send");
  const sent = new Feed(new File(["feed"], "feed.zip")).send(() => {}, new AbortController().signal);
  const ended = expect(sent).rejects.toMatchObject({ kind: "offline" });
  await vi.advanceTimersByTimeAsync(59_000);
  // A slow upload continues.
  Silent.last.upload.onprogress?.({ loaded: 4, total: 4 });
  await vi.advanceTimersByTimeAsync(59_000);
  expect(Silent.last.isAborted).toBe(false);
  await vi.advanceTimersByTimeAsync(2000);
  expect(Silent.last.isAborted).toBe(true);
  await ended;
});
