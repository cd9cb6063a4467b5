/** Reads now and again and again while the page is visible, until what it returns is called. */
export function watch(read: () => void, pause: number): () => void {
  read();
  const timer = setInterval(() => document.hidden || read(), pause);
  return () => clearInterval(timer);
}
