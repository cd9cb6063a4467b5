/**
 * Whether the browser matches a media query, as a signal. Svelte's own `MediaQuery` is a third of a kilobyte larger.
 */
import { createSubscriber } from "svelte/reactivity";

export function media(query: string): () => boolean {
  const list = matchMedia(query);
  const subscribe = createSubscriber((update) => {
    list.addEventListener("change", update);
    return () => list.removeEventListener("change", update);
  });
  return () => {
    subscribe();
    return list.matches;
  };
}
