/** The present time, updated every few seconds while something on the page uses it, such as the ages of positions. */
import { createSubscriber } from "svelte/reactivity";

import { time } from "../time";

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 5000);
  return () => clearInterval(timer);
});

export function now(): number {
  subscribe();
  return time();
}
