/** Idempotency keys: a decision of the user takes effect once, however often it is sent. */
import { once } from "./client";
import { Failure, type FailureKind } from "./failure";

export type Header = ReturnType<typeof once>;

/** Failures that leave open whether the request took effect: the response was lost, or the server failed. */
const OPEN: readonly FailureKind[] = ["offline", "broken"];

/** Whether the API has refused the request. While that is still being served, this is not known. */
function isRefused(thrown: unknown): boolean {
  return thrown instanceof Failure && !OPEN.includes(thrown.kind) && thrown.code !== "IDEMPOTENCY_IN_FLIGHT";
}

/** One for each time that a dialog is opened. */
export class Idempotent {
  #header = once();
  #input: string | undefined;

  /**
   * Sends the input with the same key until the request succeeds, is refused, or the input is changed: what follows
   * then is a new decision.
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
