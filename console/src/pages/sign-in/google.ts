/** How a sign-in with Google can end without a session. */
import type { Failure } from "../../lib/api/failure";

const ENDS = ["denied", "expired", "unknown", "away"] as const;
export type End = (typeof ENDS)[number];

/** From an address: whatever is no end is none. */
export function endOf(text: string | null): End | undefined {
  return ENDS.find((end) => end === text);
}

/** What Google says in the address when it does not send a code. */
export function endOfError(error: string | null): End {
  return error === "access_denied" ? "denied" : "away";
}

/** What the refusal of a code means. */
export function endOfFailure({ kind }: Failure): End {
  if (kind === "invalid") return "expired";
  return kind === "signedOut" ? "unknown" : "away";
}
