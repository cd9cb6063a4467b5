/** An action under way, and why it failed. */
import { asFailure, type Failure } from "../../lib/api/failure";

export class Attempt {
  isBusy = $state(false);
  failure = $state.raw<Failure>();

  /** Does nothing while another attempt is under way. */
  async run(work: () => Promise<void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.failure = undefined;
    try {
      await work();
    } catch (thrown) {
      this.failure = asFailure(thrown);
    } finally {
      this.isBusy = false;
    }
  }
}
