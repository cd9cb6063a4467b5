/** What the page of an invitation shows. */
import type { Failure } from "../../lib/api/failure";

/** `newcomer` asks for name and password; the last three end it. */
export type Step = "ask" | "newcomer" | "accepted" | "incomplete" | "unknown" | "over";

/** Where a refusal leads: to another step, or nowhere, when it is to be shown. */
export function stepAfter(step: Step, { code, details, kind }: Failure): Step {
  if (step !== "ask" && step !== "newcomer") return step;
  if (code === "GONE") return "over";
  if (kind === "missing") return "unknown";
  // Somebody without an account is asked who they are.
  if (step === "ask" && code === "VALIDATION_ERROR" && details["constraint"] === "required") return "newcomer";
  return step;
}
