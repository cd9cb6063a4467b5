import { expect, it } from "vitest";

import type { Access } from "../src/lib/api/client";
import { placeOf } from "../src/pages/invitation/place";

const work = (companyId: string | null, partnerId: string | null, name: string, role: Access["role"]) =>
  ({ companyId, partnerId, name, role }) as Access;
const accesses = [
  work("cmp_a", null, "SYNTHETIC Lines", "DISPATCHER"),
  work("cmp_b", null, "SYNTHETIC Lines", "DISPATCHER"),
  work("cmp_c", null, "SYNTHETIC Lines", "ADMIN"),
  work(null, "prt_a", "SYNTHETIC Sales", "MANAGER"),
];
const [, second, third, partner] = accesses;
const lines = { name: "SYNTHETIC Lines", role: "DISPATCHER" } as const;

it("finds the workplace by its id, whatever it is called by now", () => {
  expect(placeOf({ ...lines, companyId: "cmp_b" }, accesses)).toBe(second);
  expect(placeOf({ ...lines, companyId: null, partnerId: "prt_a" }, accesses)).toBe(partner);
  expect(placeOf({ ...lines, companyId: "cmp_z" }, accesses)).toBeUndefined();
});

it("finds it by name and role only where these are of one", () => {
  expect(placeOf({ ...lines, role: "ADMIN" }, accesses)).toBe(third);
  expect(placeOf(lines, accesses)).toBeUndefined();
});
