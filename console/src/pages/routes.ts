/** The pages: the path of each, the right that it requires, and its code, loaded when it is first shown. */
import type { Component } from "svelte";

import type { Group } from "../lib/i18n/translation";
import type { IconName } from "../lib/ui/icons";
import type { Right } from "../lib/rights";

export interface PageProps {
  /** The value of `:id` in the path of the page. */
  id?: string;
}

export interface Page {
  path: string;
  right: Right | null;
  /** The groups of words that it needs in addition to the common ones. */
  words: readonly Group[];
  // Pages without an id take no props at all, which to Svelte is another type of component.
  load: () => Promise<{ default: Component<any> }>;
}

const PAGES: readonly Page[] = [
  { path: "/today", right: "orders", words: ["departures", "today"], load: () => import("./today/Today.svelte") },
  {
    path: "/today/messages",
    right: "orders",
    words: ["today", "states", "order"],
    load: () => import("./today/Messages.svelte"),
  },
  {
    path: "/departures",
    right: "orders",
    words: ["departures", "week"],
    load: () => import("./departures/Departures.svelte"),
  },
  {
    path: "/departures/:id",
    right: "orders",
    words: ["departures", "departure", "states"],
    load: () => import("./departures/DeparturePage.svelte"),
  },
  {
    path: "/departures/:id/manifest",
    right: "orders",
    words: ["departures", "departure", "manifest", "states"],
    load: () => import("./departures/Manifest.svelte"),
  },
  {
    path: "/timetable",
    right: "timetable",
    words: ["timetable", "seasons"],
    load: () => import("./timetable/Timetable.svelte"),
  },
  {
    path: "/timetable/:id",
    right: "timetable",
    words: ["timetable", "upload"],
    load: () => import("./timetable/UploadPage.svelte"),
  },
  { path: "/orders", right: "orders", words: ["orders", "states"], load: () => import("./orders/Orders.svelte") },
  { path: "/orders/:id", right: "orders", words: ["orders", "order", "states"], load: () => import("./orders/OrderPage.svelte") },
  { path: "/reports", right: "reports", words: ["reports"], load: () => import("./reports/Reports.svelte") },
  {
    path: "/buses",
    right: "buses",
    words: ["buses", "departures"],
    load: () => import("./buses/Buses.svelte"),
  },
  { path: "/partners", right: "permissions", words: ["partners"], load: () => import("./partners/Partners.svelte") },
  { path: "/rules", right: "terms", words: ["rules"], load: () => import("./rules/Rules.svelte") },
  { path: "/people", right: "people", words: ["people"], load: () => import("./people/People.svelte") },
  { path: "/keys", right: "keys", words: ["keys"], load: () => import("./keys/Keys.svelte") },
  { path: "/usage", right: "usage", words: ["usage"], load: () => import("./usage/Usage.svelte") },
  { path: "/migration", right: "usage", words: ["migration"], load: () => import("./migration/Migration.svelte") },
  { path: "/ops", right: "operate", words: ["ops"], load: () => import("./ops/Ops.svelte") },
  { path: "/ops/jobs", right: "operate", words: ["ops"], load: () => import("./ops/Jobs.svelte") },
  { path: "/ops/story", right: "operate", words: ["ops"], load: () => import("./ops/Story.svelte") },
  { path: "/ops/members", right: "operate", words: ["ops"], load: () => import("./ops/Members.svelte") },
  { path: "/ops/audit", right: "operate", words: ["ops"], load: () => import("./ops/Audit.svelte") },
  { path: "/account", right: null, words: ["account"], load: () => import("./account/Account.svelte") },
];

/** Shown to users who are not signed in, whatever the address. */
export const SIGN_IN_PAGE: Page = {
  path: "/sign-in",
  right: null,
  words: ["signIn"],
  load: () => import("./sign-in/SignIn.svelte"),
};

/** Pages that need no session. */
export const OPEN_PAGES: readonly Page[] = [
  {
    path: "/sign-in/google",
    right: null,
    words: ["signIn"],
    load: () => import("./sign-in/GoogleReturn.svelte"),
  },
  {
    path: "/invitation",
    right: null,
    words: ["signIn", "invitation"],
    load: () => import("./invitation/Invitation.svelte"),
  },
];

/** The entries of the navigation, in order. */
export const NAVIGATION = [
  { path: "/today", right: "orders", icon: "today", text: "nav.today" },
  { path: "/departures", right: "orders", icon: "calendar", text: "nav.departures" },
  { path: "/orders", right: "orders", icon: "ticket", text: "nav.orders" },
  { path: "/reports", right: "reports", icon: "report", text: "nav.reports" },
  { path: "/buses", right: "buses", icon: "bus", text: "nav.buses" },
  { path: "/timetable", right: "timetable", icon: "timetable", text: "nav.timetable" },
  { path: "/partners", right: "permissions", icon: "people", text: "nav.partners" },
  { path: "/rules", right: "terms", icon: "percent", text: "nav.rules" },
  { path: "/keys", right: "keys", icon: "key", text: "nav.keys" },
  { path: "/usage", right: "usage", icon: "chart", text: "nav.usage" },
  { path: "/migration", right: "usage", icon: "refresh", text: "nav.migration" },
  { path: "/people", right: "people", icon: "person", text: "nav.people" },
  { path: "/ops", right: "operate", icon: "filter", text: "nav.ops" },
  { path: "/ops/jobs", right: "operate", icon: "alert", text: "nav.jobs" },
  { path: "/ops/story", right: "operate", icon: "search", text: "nav.story" },
  { path: "/ops/members", right: "operate", icon: "people", text: "nav.members" },
  { path: "/ops/audit", right: "operate", icon: "report", text: "nav.audit" },
] as const satisfies readonly { path: string; right: Right; icon: IconName; text: string }[];

/** The page of a path. */
export function pageAt(path: string): { page: Page; id?: string } | undefined {
  for (const page of PAGES) {
    if (page.path === path) return { page };
    const [start, end] = page.path.split(":id");
    const found = end === undefined ? null : path.match(new RegExp(`^${start}([A-Za-z0-9_-]+)${end}$`));
    if (found?.[1]) return { page, id: found[1] };
  }
  return undefined;
}
