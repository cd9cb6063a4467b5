/** The key under which a person's decision is carried out once, however often it is sent. */
import { once } from "./client";
import { Failure, type FailureKind } from "./failure";

export type Header = ReturnType<typeof once>;

/** Failures that leave open whether the request was carried out: the answer was lost, or the server failed. */
const OPEN: readonly FailureKind[] = ["offline", "broken"];

/** Whether the API has answered that it does not do it. Of a request that is still being served it cannot say. */
function isRefused(thrown: unknown): boolean {
  return thrown instanceof Failure && !OPEN.includes(thrown.kind) && thrown.code !== "IDEMPOTENCY_IN_FLIGHT";
}

/** For each opening of a dialog. */
export class Idempotent {
  #header = once();
  #input: string | undefined;

  /**
   * Sends under one key what the person has written, until it is done, refused, or written otherwise: what follows then
   * is another decision.
   */
  async send<T>(input: unknown, request: (header: Header) => Promise<T>): Promise<T> {
    const written = JSON.stringify(input);
    if (written !== this.#input) this.#header = once();
    this.#input = written;
    try {
      const answer = await request(this.#header);
      this.#input = undefined;
      return answer;
    } catch (thrown) {
      if (isRefused(thrown)) this.#header = once();
      throw thrown;
    }
  }
}
