/** Addresses of the console: paths below `/console`, filters in the query. */
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
  ({ path: route.path, search: route.search } = read());
}

/** The address of a page, for links. */
export function href(path: string): string {
  return BASE + path;
}

/** Whether the page that is shown may be left; asks somebody who is in the middle of something. */
let guard: (() => boolean) | undefined;

/** Asks before the page is left, until what it returns is called. */
export function guardPage(ask: () => boolean): () => void {
  guard = ask;
  return () => (guard = undefined);
}

/** Asks once: who has agreed to leave is leaving. */
export function mayLeave(): boolean {
  if (guard && !guard()) return false;
  guard = undefined;
  return true;
}

/** Changes the address: with an entry of its own in the history, or in place of the present one. */
function move(path: string, replace: boolean): void {
  if (replace) history.replaceState(history.state, "", href(path));
  else history.pushState(leave(), "", href(path));
  update();
}

export function navigate(path: string, { replace = false } = {}): void {
  if (!replace && !mayLeave()) return;
  move(path, replace);
  if (!replace) scrollTo(0, 0);
}

/** Where sign-in leads, from its `next`. */
export function nextPath(): string {
  return safeNext(route.query.get("next"));
}

/**
 * Puts values into the query of this page; empty ones are left out. The way back leads to the former ones, but for what
 * is being typed, which replaces them.
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

/** Follows links of the console without loading it again. */
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
    // A link with a `#` stays on its page: the browser follows it.
    if (!link || link.target || link.hash || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname !== BASE && !link.pathname.startsWith(`${BASE}/`)) return;
    event.preventDefault();
    navigate(link.pathname.slice(BASE.length) + link.search);
  });
}
