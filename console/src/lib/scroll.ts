/**
 * Restores how far a page was scrolled, on the way back to it. The browser would do that at once, before the data of
 * the page has come from the API.
 */

/** Milliseconds for which a page may still grow. */
const GROWS = 5000;

/** The position of each entry of the history, whose state is the instant at which it was made. */
const kept = new Map<unknown, number>();
const made = () => performance.timeOrigin + performance.now();
let entry: unknown;
let stop = () => {};

/** Keeps how far this page is scrolled, before another entry follows; returns the state of that entry. */
export function leave(): unknown {
  stop();
  kept.set(entry, scrollY);
  return (entry = made());
}

/** Scrolls to where the page was left, after the browser went back or forward. A link with a `#` goes to its target. */
export function arrive(): void {
  stop();
  kept.set(entry, scrollY);
  entry = history.state;
  if (entry === null) return;
  const top = kept.get(entry) ?? 0;
  const observer = new ResizeObserver(() => scrollTo(0, top));
  observer.observe(document.body);
  const events = ["wheel", "touchmove", "pointerdown", "keydown"];
  const timer = setTimeout(() => stop(), GROWS);
  stop = () => {
    observer.disconnect();
    clearTimeout(timer);
    for (const event of events) removeEventListener(event, stop);
    stop = () => {};
  };
  for (const event of events) addEventListener(event, stop, { passive: true });
}

/** The browser restores pages that are loaded again; the router restores those that it shows. */
export function keepScroll(): void {
  entry = history.state ?? made();
  history.replaceState(entry, "");
  addEventListener("pageshow", () => (history.scrollRestoration = "manual"));
  addEventListener("pagehide", () => (history.scrollRestoration = "auto"));
}
