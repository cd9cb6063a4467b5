/**
 * Which role has which right: the table of `common/domain/src/role.rs`. It decides what is shown; the API decides what
 * is allowed.
 */
import type { Access } from "./api/client";

export type Right = "reports" | "buses" | "orders" | "permissions" | "terms" | "timetable" | "keys" | "usage" | "people" | "operate";

type Role = Access["role"];

const TABLE: Record<Right, { contexts: readonly Access["contextType"][]; roles: readonly Role[] }> = {
  orders: { contexts: ["COMPANY"], roles: ["ADMIN", "MANAGER", "DISPATCHER"] },
  reports: { contexts: ["COMPANY"], roles: ["ADMIN", "MANAGER", "ACCOUNTANT"] },
  buses: { contexts: ["COMPANY"], roles: ["ADMIN", "MANAGER", "DISPATCHER"] },
  permissions: { contexts: ["COMPANY"], roles: ["ADMIN"] },
  terms: { contexts: ["COMPANY"], roles: ["ADMIN", "MANAGER"] },
  timetable: { contexts: ["COMPANY"], roles: ["ADMIN", "MANAGER"] },
  operate: { contexts: ["PLATFORM"], roles: ["OPERATOR"] },
  keys: { contexts: ["PARTNER"], roles: ["ADMIN"] },
  usage: { contexts: ["PARTNER"], roles: ["ADMIN", "MANAGER", "ACCOUNTANT"] },
  people: { contexts: ["COMPANY", "PARTNER"], roles: ["ADMIN"] },
};

export function holds(access: Pick<Access, "contextType" | "role">, right: Right): boolean {
  const { contexts, roles } = TABLE[right];
  return contexts.includes(access.contextType) && roles.includes(access.role);
}
