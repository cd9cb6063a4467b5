/** Copies a text and says so; if the browser does not allow that, asks the user to do it by hand. */
import { Failure } from "../api/failure";
import { notices } from "./notices.svelte";

export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notices.add(done);
  } catch {
    notices.fail(new Failure("uncopied", "", "", null, {}));
  }
}
