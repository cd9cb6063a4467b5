/** How a sign-in with Google can end without a session. */
import type { Failure } from "../../lib/api/failure";

const ENDS = ["denied", "expired", "unknown", "away"] as const;
export type End = (typeof ENDS)[number];

/** The outcome in an address; an unknown text is none. */
export function endOf(text: string | null): End | undefined {
  return ENDS.find((end) => end === text);
}

/** The outcome for Google's reason in the address when it sends no code. */
export function endOfError(error: string | null): End {
  return error === "access_denied" ? "denied" : "away";
}

/** The outcome when the API refuses a code. */
export function endOfFailure({ kind }: Failure): End {
  if (kind === "invalid") return "expired";
  return kind === "signedOut" ? "unknown" : "away";
}
