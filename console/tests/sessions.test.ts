import { expect, it } from "vitest";

import { failureOf } from "../src/lib/api/failure";
import { endOthers } from "../src/pages/account/sessions";

const refused = (status: number) => failureOf(status, null, null);

/** A number of sessions, of which the first is the current one; `refusals` are those that cannot be ended. */
function sessions(count: number, refusals: Record<string, number> = {}) {
  let open = Array.from({ length: count }, (_, i) => ({ id: `s${i}`, current: i === 0 }));
  const read = async (skip: number) => open.slice(skip, skip + 100);
  const end = async (id: string) => {
    const status = refusals[id];
    if (status !== 404 && status !== undefined) throw refused(status);
    open = open.filter((one) => one.id !== id);
    if (status === 404) throw refused(404);
  };
  return { left: () => open.map(({ id }) => id), ended: () => endOthers(read, end) };
}

it("ends all others, however many", async () => {
  const { left, ended } = sessions(250);
  expect(await ended()).toEqual([]);
  expect(left()).toEqual(["s0"]);
});

it("goes on after a failure, and tells each", async () => {
  const { left, ended } = sessions(5, { s1: 500, s3: 503 });
  expect((await ended()).map(({ kind }) => kind)).toEqual(["broken", "broken"]);
  expect(left()).toEqual(["s0", "s1", "s3"]);
});

it("goes past a page of those that cannot be ended", async () => {
  const bad = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`s${i + 1}`, 500]));
  const { left, ended } = sessions(300, bad);
  expect(await ended()).toHaveLength(120);
  expect(left()).toHaveLength(121);
});

it("treats one that is already gone as ended", async () => {
  const { left, ended } = sessions(3, { s1: 404 });
  expect(await ended()).toEqual([]);
  expect(left()).toEqual(["s0"]);
});

it("stops when the person is signed out", async () => {
  const { left, ended } = sessions(4, { s2: 401 });
  await expect(ended()).rejects.toMatchObject({ kind: "signedOut" });
  expect(left()).toEqual(["s0", "s2", "s3"]);
});
