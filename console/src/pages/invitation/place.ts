/** Where an invitation leads. */
import type { Access, Schemas } from "../../lib/api/client";

export type Accepted = Schemas["Accepted"];

/** The workplace by its id: several can have the same name and role. */
export function placeOf(
  { companyId, partnerId }: Pick<Accepted, "companyId" | "partnerId">,
  accesses: readonly Access[],
): Access | undefined {
  return accesses.find((access) => access.companyId === companyId && access.partnerId === partnerId);
}
