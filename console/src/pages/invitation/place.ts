/** The workplace of an invitation. */
import type { Access, Schemas } from "../../lib/api/client";

export type Accepted = Schemas["Accepted"];

/** Finds the workplace by its id, since several can have the same name and role. */
export function placeOf(
  { companyId, partnerId }: Pick<Accepted, "companyId" | "partnerId">,
  accesses: readonly Access[],
): Access | undefined {
  return accesses.find((access) => access.companyId === companyId && access.partnerId === partnerId);
}
