/** Something that a page shows from the API: loading, there, or failed. What was there stays while it is read again. */
import { asFailure, type Failure } from "./failure";

export class Resource<T> {
  value = $state.raw<T>();
  failure = $state.raw<Failure>();
  isLoading = $state(false);
  #turn = 0;

  /** Reads it. Of several readings at a time the latest one counts. */
  async load(read: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    this.isLoading = true;
    try {
      const value = await read();
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = undefined;
    } catch (thrown) {
      if (turn === this.#turn) this.failure = asFailure(thrown);
    } finally {
      if (turn === this.#turn) this.isLoading = false;
    }
  }

  /** Takes over a value that another answer brought. */
  set(value: T): void {
    this.#turn++;
    this.value = value;
    this.failure = undefined;
    this.isLoading = false;
  }

  /** Forgets it: the next reading starts from nothing. */
  clear(): void {
    this.#turn++;
    this.value = undefined;
    this.failure = undefined;
    this.isLoading = false;
  }
}
