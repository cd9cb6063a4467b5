/** The references of the orders on a departure. The list of its passengers has none: they are in the list of orders. */
import { api, type DepartureManifest } from "../../lib/api/client";
import { take } from "../../lib/api/failure";
import { MOST } from "./read";

const PAGE = 100;

/** References by the ids of their orders. */
export async function readReferences({ departure, stops }: DepartureManifest): Promise<Map<string, string>> {
  const references = new Map<string, string>();
  // Those who board after midnight travel on another day.
  const days = new Set(stops.map(({ departureAt }) => departureAt.slice(0, 10)));
  for (const departureDate of days) {
    for (let skip = 0; ; skip += PAGE) {
      const query = { departureDate, routeId: departure.routeId, take: PAGE, skip };
      const { orders, total } = await take(api.GET("/v2/orders", { params: { query } }));
      for (const { id, reference } of orders) references.set(id, reference);
      if (orders.length < PAGE || skip + PAGE >= Math.min(total, MOST)) break;
    }
  }
  return references;
}
