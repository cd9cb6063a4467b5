/** Reads periodically while the page is visible, and at once when the user comes back to it. */

/** Reads every `pause` milliseconds, until the returned function is called. */
export function again(read: () => void, pause: number): () => void {
  const look = () => document.hidden || read();
  const timer = setInterval(look, pause);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}

/** Like `again`, and reads at once. */
export function watch(read: () => void, pause: number): () => void {
  read();
  return again(read, pause);
}
