/** Keeps people from losing what they have not finished. */
import { guardPage } from "./router.svelte";

/**
 * Asks before the page is left, until what it returns is called; the browser asks in its own words when its tab is
 * closed.
 */
export function holdPage(ask: () => boolean): () => void {
  const release = guardPage(ask);
  const hold = (event: BeforeUnloadEvent) => event.preventDefault();
  addEventListener("beforeunload", hold);
  return () => {
    release();
    removeEventListener("beforeunload", hold);
  };
}
