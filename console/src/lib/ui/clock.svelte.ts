/** The time now, renewed every few seconds while somebody looks: for ages of positions. */
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
