/** Short notices at the edge of the page, which screen readers announce. */
import { asFailure } from "../api/failure";
import { t } from "../i18n/index.svelte";

export interface Notice {
  id: number;
  text: string;
  tone: "good" | "bad";
  undo?: () => void;
}

class Notices {
  list = $state<Notice[]>([]);
  #next = 0;

  add(text: string, tone: Notice["tone"] = "good", undo?: () => void): void {
    const id = this.#next++;
    this.list.push(undo ? { id, text, tone, undo } : { id, text, tone });
    setTimeout(() => this.remove(id), tone === "bad" || undo ? 12_000 : 6_000);
  }

  /** Shows a failure. The code that explains it is not in the first load, since most actions succeed. */
  fail(thrown: unknown): void {
    import("../explain").then(
      ({ explain }) => this.add(explain(asFailure(thrown)), "bad"),
      () => this.add(t("failure.offline"), "bad"),
    );
  }

  remove(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
