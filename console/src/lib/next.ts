/** A path of the console to go to after sign-in. What is no such path, or leads to another site, becomes the start. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}
