/**
 * How far a page was scrolled, for the way back to it. The browser would restore that at once, when what the page shows
 * has not come from the API yet.
 */

/** Milliseconds in which a page may still grow. */
const GROWS = 5000;

/** By the entry of the history, which has the moment of its making as its state. */
const kept = new Map<unknown, number>();
const made = () => performance.timeOrigin + performance.now();
let entry: unknown;
let stop = () => {};

/** Keeps how far this page is scrolled, before another entry follows; returns the state of that. */
export function leave(): unknown {
  stop();
  kept.set(entry, scrollY);
  return (entry = made());
}

/** Goes to where the page was left, after the browser went back or forward. A link with a `#` goes where it says. */
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

/** The browser restores what is loaded again; what the router shows is ours. */
export function keepScroll(): void {
  entry = history.state ?? made();
  history.replaceState(entry, "");
  addEventListener("pageshow", () => (history.scrollRestoration = "manual"));
  addEventListener("pagehide", () => (history.scrollRestoration = "auto"));
}
