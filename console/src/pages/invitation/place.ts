/** Which workplace an invitation leads to. */
import type { Access, Schemas } from "../../lib/api/client";

/** With the id of the place, where the API gives it. */
export type Accepted = Schemas["Accepted"] & Partial<Pick<Access, "companyId" | "partnerId">>;

/** The workplace by its id. Without one by name and role, unless several have them: then the person has to choose. */
export function placeOf(
  { companyId, partnerId, name, role }: Pick<Accepted, "name" | "role" | "companyId" | "partnerId">,
  accesses: readonly Access[],
): Access | undefined {
  const id = companyId ?? partnerId;
  if (id) return accesses.find((access) => (access.companyId ?? access.partnerId) === id);
  const alike = accesses.filter((access) => access.name === name && access.role === role);
  return alike.length === 1 ? alike[0] : undefined;
}
