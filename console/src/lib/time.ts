/** The platform's time: a wrong clock, as many phones have, must not make every bus silent. */

/** Milliseconds up to which a clock counts as right: a response has whole seconds, and takes a while to arrive. */
const NEAR = 30_000;

/** Milliseconds by which the platform is ahead of this browser. */
let ahead = 0;

/** Takes over the time at which the API says that it answered. */
export function synchronize(date: string | null): void {
  const difference = Date.parse(date ?? "") - Date.now();
  if (!Number.isNaN(difference)) ahead = Math.abs(difference) > NEAR ? difference : 0;
}

/** The present time, in milliseconds since 1970. */
export const time = (): number => Date.now() + ahead;
