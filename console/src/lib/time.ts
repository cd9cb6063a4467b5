/** The time of the platform: a clock that is wrong, as of many a phone, must not make every bus silent. */

/** Milliseconds up to which a clock is right: an answer tells whole seconds, and is on its way for a while. */
const NEAR = 30_000;

/** Milliseconds by which the platform is ahead of this browser. */
let ahead = 0;

/** Takes the time at which the API says that it has answered. */
export function synchronize(date: string | null): void {
  const difference = Date.parse(date ?? "") - Date.now();
  if (!Number.isNaN(difference)) ahead = Math.abs(difference) > NEAR ? difference : 0;
}

/** Milliseconds since 1970. */
export const time = (): number => Date.now() + ahead;
