/** Something that a page shows from the API: loading, there, or failed. What was there stays while it is read again. */
import { asFailure, type Failure } from "./failure";

export class Resource<T> {
  value = $state.raw<T>();
  failure = $state.raw<Failure>();
  isLoading = $state(false);
  /** Whether what is there answers another question than the one that was asked last. */
  isStale = $state(false);
  #turn = 0;
  /** What it answers; nothing while nothing is there. */
  #question: string | undefined;

  /**
   * Reads it. Of several readings at a time the latest one counts. What is there is shown meanwhile, but it does not
   * stay when the answer to another question, such as other filters or another page, cannot be had.
   */
  async load(read: () => Promise<T>, asked?: unknown): Promise<void> {
    const turn = ++this.#turn;
    const question = JSON.stringify(asked) ?? "";
    this.isLoading = true;
    this.isStale = this.#question !== undefined && question !== this.#question;
    try {
      const value = await read();
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = undefined;
      this.#question = question;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.failure = asFailure(thrown);
      if (this.isStale) this.value = this.#question = undefined;
    } finally {
      if (turn === this.#turn) this.isLoading = this.isStale = false;
    }
  }

  /** Takes over a value that another answer brought. */
  set(value: T): void {
    this.#question ??= "";
    this.#settle(value);
  }

  /** Forgets it: the next reading starts from nothing. */
  clear(): void {
    this.#question = undefined;
    this.#settle(undefined);
  }

  #settle(value: T | undefined): void {
    this.#turn++;
    this.value = value;
    this.failure = undefined;
    this.isLoading = this.isStale = false;
  }
}
