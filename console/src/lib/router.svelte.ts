/** The addresses of the console: paths below `/console`, filters in the query. */
import { safeNext } from "./next";
import { arrive, keepScroll, leave } from "./scroll";

const BASE = "/console";
export const SIGN_IN = "/sign-in";

class Route {
  path = $state(read().path);
  search = $state(read().search);
  query = $derived(new URLSearchParams(this.search));
}

export const route = new Route();

function read(): { path: string; search: string } {
  const path = location.pathname.slice(BASE.length).replace(/\/+$/, "");
  return { path: path || "/", search: location.search };
}

function update(): void {
  const { path, search } = read();
  // The page has been left, so its guard no longer applies.
  if (path !== route.path) guard = undefined;
  [route.path, route.search] = [path, search];
}

/** The address of a page, for links. */
export function href(path: string): string {
  return BASE + path;
}

/** Whether the present page may be left; asks the user if something is unfinished. */
let guard: (() => boolean) | undefined;

/** Asks before the page is left, until the returned function is called. */
export function guardPage(ask: () => boolean): () => void {
  guard = ask;
  return () => (guard = undefined);
}

/** Asks. A user who agrees has not left yet: the action that leads away may fail, and then the page asks again. */
export function mayLeave(): boolean {
  return !guard || guard();
}

/** Changes the address, as a new entry in the history or in place of the present one. */
function move(path: string, replace: boolean): void {
  if (replace) history.replaceState(history.state, "", href(path));
  else history.pushState(leave(), "", href(path));
  update();
}

/** Goes to another address; the user must have agreed to leave. */
export function go(path: string): void {
  move(path, false);
  scrollTo(0, 0);
}

export function navigate(path: string, { replace = false } = {}): void {
  if (replace) move(path, true);
  // Another query of the same page does not leave it.
  else if (path.split("?")[0] === route.path || mayLeave()) go(path);
}

/** The address to go to after sign-in, from the query parameter `next`. */
export function nextPath(): string {
  return safeNext(route.query.get("next"));
}

/**
 * Puts values into the query of this page; empty ones are left out. The way back leads to the previous values, unless
 * they are replaced, as while the user types.
 */
export function setQuery(values: Record<string, string>, { replace = false } = {}): void {
  const query = new URLSearchParams(route.search);
  for (const [name, value] of Object.entries(values)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const search = query.size > 0 ? `?${query}` : "";
  if (search !== route.search) move(route.path + search, replace);
}

/** Follows links within the console without loading it again. */
export function startRouter(): void {
  keepScroll();
  addEventListener("popstate", () => {
    if (location.pathname !== href(route.path) && !mayLeave()) {
      history.pushState(leave(), "", href(route.path + route.search));
      return;
    }
    update();
    arrive();
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    // A link with a `#` stays on its page, and the browser follows it.
    if (!link || link.target || link.hash || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname !== BASE && !link.pathname.startsWith(`${BASE}/`)) return;
    event.preventDefault();
    navigate(link.pathname.slice(BASE.length) + link.search);
  });
}
