/** Data of the API on a page: being loaded, present, or failed. Present data stays while it is loaded again. */
import { asFailure, type Failure } from "./failure";

export class Resource<T> {
  value = $state.raw<T>();
  failure = $state.raw<Failure>();
  isLoading = $state(false);
  /** Whether the present data answers another question than the latest one. */
  isStale = $state(false);
  #turn = 0;
  /** The question that the present data answers; undefined without data. */
  #question: string | undefined;

  /**
   * Loads the data. Of several concurrent calls the latest one counts. Present data is shown meanwhile, but it is
   * removed if a different question, such as other filters or another page, cannot be answered.
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

  /** Takes over a value from another response. */
  set(value: T): void {
    this.#question ??= "";
    this.#settle(value);
  }

  /** Removes the data, so that the next load starts with nothing. */
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
