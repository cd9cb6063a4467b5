import { expect, it } from "vitest";

import { Failure, failureOf } from "../src/lib/api/failure";
import { Idempotent } from "../src/lib/api/idempotent";

const refused = (status: number, code = "") => failureOf(status, { errors: [{ code, message: "" }] }, null);
const lost = new Failure("offline", "", "fetch failed", null, {});

/** The keys of requests, each with what was written and what came of it: nothing, when it is done. */
async function keys(...sent: [input: unknown, thrown?: unknown][]): Promise<string[]> {
  const request = new Idempotent();
  const seen: string[] = [];
  for (const [input, thrown] of sent) {
    const answer = request.send(input, async (header) => {
      seen.push(header["Idempotency-Key"]);
      if (thrown) throw thrown;
      return "done";
    });
    if (thrown) await expect(answer).rejects.toBe(thrown);
    else expect(await answer).toBe("done");
  }
  return seen;
}

it.each([
  ["the answer was lost", lost],
  ["a gateway answered", failureOf(502, "Bad Gateway", null)],
  ["the server failed", refused(500, "INTERNAL_ERROR")],
  ["the first request is still being served", refused(409, "IDEMPOTENCY_IN_FLIGHT")],
])("keeps the key when %s", async (_, thrown) => {
  const [first, second] = await keys([{ reason: "a" }, thrown], [{ reason: "a" }]);
  expect(second).toBe(first);
});

it.each([400, 401, 403, 404, 409, 422, 429])("takes another key after a refusal with %i", async (status) => {
  const [first, second] = await keys([{ reason: "a" }, refused(status)], [{ reason: "a" }]);
  expect(second).not.toBe(first);
});

it("takes another key when something else was written", async () => {
  const [first, second, third] = await keys([{ reason: "a" }, lost], [{ reason: "b" }, lost], [{ reason: "b" }]);
  expect(second).not.toBe(first);
  expect(third).toBe(second);
});

it("takes another key once it is done", async () => {
  const [first, second] = await keys(["a"], ["a"]);
  expect(second).not.toBe(first);
});
