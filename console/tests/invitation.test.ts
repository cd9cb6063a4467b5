import { expect, it } from "vitest";

import type { Access } from "../src/lib/api/client";
import { placeOf } from "../src/pages/invitation/place";
import { stepOf } from "../src/pages/invitation/step";

const work = (companyId: string | null, partnerId: string | null, name: string, role: Access["role"]) =>
  ({ companyId, partnerId, name, role }) as Access;
const accesses = [
  work("cmp_a", null, "SYNTHETIC Lines", "DISPATCHER"),
  work("cmp_b", null, "SYNTHETIC Lines", "DISPATCHER"),
  work("cmp_c", null, "SYNTHETIC Lines", "ADMIN"),
  work(null, "prt_a", "SYNTHETIC Sales", "MANAGER"),
];
const [, second, , partner] = accesses;

it("finds the workplace by its id, not by its name", () => {
  expect(placeOf({ companyId: "cmp_b", partnerId: null }, accesses)).toBe(second);
  expect(placeOf({ companyId: null, partnerId: "prt_a" }, accesses)).toBe(partner);
  expect(placeOf({ companyId: "cmp_z", partnerId: null }, accesses)).toBeUndefined();
});

it("distinguishes expired, accepted and withdrawn invitations", () => {
  const steps = (["Open", "Expired", "Withdrawn", "Accepted"] as const).map((status) => stepOf({ status }));
  expect(steps).toEqual(["ask", "expired", "withdrawn", "used"]);
});
