/** The roles that people of a company or of a partner can have. A dispatcher of a partner could not do anything. */
export const ROLES = {
  COMPANY: ["ADMIN", "MANAGER", "DISPATCHER", "ACCOUNTANT"],
  PARTNER: ["ADMIN", "MANAGER", "ACCOUNTANT"],
} as const;

export type Place = keyof typeof ROLES;
export type PlaceRole = (typeof ROLES)[Place][number];

/** Whether a person is the only administrator in a list who can sign in. The list must be complete. */
export function isLastAdmin(
  id: string,
  people: readonly { id: string; role: string; disabled: boolean }[],
): boolean {
  const admins = people.filter(({ role, disabled }) => role === "ADMIN" && !disabled);
  return admins.length === 1 && admins[0]!.id === id;
}
