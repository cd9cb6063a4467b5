/** The days and the route with which departures were seen last: the way back from one leads there. */
let search = "";

export function remember(query: string): void {
  search = query;
}

export function lastSearch(): string {
  return search;
}
