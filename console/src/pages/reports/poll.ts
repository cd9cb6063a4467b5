/** Polls while something is unfinished and the page is visible. */

/** Milliseconds until the next request: soon at first, then every three seconds. */
export function pause(asked: number): number {
  return Math.min(3000, 500 + asked * 250);
}

/** Calls `ask` until it says that everything is finished. Returns a function that ends this, even during a call. */
export function poll(ask: () => Promise<boolean>): () => void {
  let asked = 0;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    if (isStopped) return;
    timer = setTimeout(async () => {
      if (document.hidden || !(await ask())) next();
    }, pause(asked++));
  };
  next();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
