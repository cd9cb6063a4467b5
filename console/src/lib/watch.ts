/** Reads now and periodically while the page is visible, until the returned function is called. */
export function watch(read: () => void, pause: number): () => void {
  read();
  const timer = setInterval(() => document.hidden || read(), pause);
  return () => clearInterval(timer);
}
