/** What requires action, and the page for each. */
import type { Schemas } from "../../lib/api/client";
import type { Right } from "../../lib/rights";

type What = "failed" | "waiting" | "rejectedToday" | "rejectedTomorrow" | "silent" | "schedules";

export interface Need {
  what: What;
  count: number;
  /** The page that shows them. */
  path: string;
}

/** Everything that requires action, most urgent first. */
export function needs(
  counted: Schemas["Today"],
  [today, tomorrow]: readonly [string, string],
  may: (right: Right) => boolean,
): Need[] {
  const all: Need[] = [
    { what: "failed", count: counted.failedDeliveries, path: "/today/messages" },
    { what: "waiting", count: counted.awaitingConfirmation, path: "/orders?status=Processing" },
    { what: "rejectedToday", count: counted.rejectedToday, path: `/orders?status=NotConfirmed&day=${today}` },
    { what: "rejectedTomorrow", count: counted.rejectedTomorrow, path: `/orders?status=NotConfirmed&day=${tomorrow}` },
    ...(may("buses") ? [{ what: "silent", count: counted.silentBuses, path: "/buses?signal=silent" } as const] : []),
    ...(may("reports") ? [{ what: "schedules", count: counted.failedSchedules, path: "/reports" } as const] : []),
  ];
  return all.filter(({ count }) => count > 0);
}
