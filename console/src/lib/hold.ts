/** Protects users from losing unfinished work. */
import { guardPage } from "./router.svelte";

/**
 * Asks before the page is left, until the returned function is called; when the tab is closed, the browser asks in its
 * own words.
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
