/**
 * The path of the console to go to after sign-in. Anything else, such as a link to another site, becomes the start
 * page.
 */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}
