/** The filters with which the list of orders was seen last: the way back from an order leads there. */
let search = "";

export function remember(query: string): void {
  search = query;
}

export function lastSearch(): string {
  return search;
}
