/** Ends all sessions of the user except the present one. */
import type { Schemas } from "../../lib/api/client";
import { asFailure, type Failure } from "../../lib/api/failure";

/** Sessions that are read at a time. */
export const PAGE = 100;

type Own = Pick<Schemas["OwnSession"], "id" | "current">;

/** Continues until none is left, past those that cannot be ended; returns why these could not. */
export async function endOthers(
  read: (skip: number) => Promise<Own[]>,
  end: (id: string) => Promise<void>,
): Promise<Failure[]> {
  const failures = new Map<string, Failure>();
  for (let skip = 0; ; ) {
    const page = await read(skip);
    const left = page.filter(({ id, current }) => !current && !failures.has(id));
    for (const { id } of left) {
      const failure = await failureOf(end(id));
      // A user who is signed out cannot end sessions.
      if (failure?.kind === "signedOut") throw failure;
      if (failure) failures.set(id, failure);
    }
    if (left.length > 0) continue;
    if (page.length < PAGE) return [...failures.values()];
    skip += PAGE;
  }
}

/** A session that does not exist any more has ended. */
async function failureOf(ending: Promise<void>): Promise<Failure | undefined> {
  try {
    await ending;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind !== "missing") return failure;
  }
}
