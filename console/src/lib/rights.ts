/** Who may do what: the table of common's `role.rs`. It decides what is shown; the API decides what is allowed. */
import type { Access } from "./api/client";

export type Right = "reports" | "buses" | "orders" | "permissions" | "keys" | "operate";

type Role = Access["role"];

const TABLE: Record<Right, { context: Access["contextType"]; roles: readonly Role[] }> = {
  orders: { context: "COMPANY", roles: ["ADMIN", "MANAGER", "DISPATCHER"] },
  reports: { context: "COMPANY", roles: ["ADMIN", "MANAGER", "ACCOUNTANT"] },
  buses: { context: "COMPANY", roles: ["ADMIN", "MANAGER", "DISPATCHER"] },
  permissions: { context: "COMPANY", roles: ["ADMIN"] },
  operate: { context: "PLATFORM", roles: ["OPERATOR"] },
  keys: { context: "PARTNER", roles: ["ADMIN"] },
};

export function holds(access: Pick<Access, "contextType" | "role">, right: Right): boolean {
  const { context, roles } = TABLE[right];
  return access.contextType === context && roles.includes(access.role);
}
