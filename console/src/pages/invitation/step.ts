/** The steps of the page of an invitation. */
import type { Schemas } from "../../lib/api/client";
import type { Failure } from "../../lib/api/failure";

/** `look` loads the invitation; `newcomer` asks for name and password; after the last five nothing follows. */
export type Step =
  | "look"
  | "ask"
  | "newcomer"
  | "accepted"
  | "incomplete"
  | "unknown"
  | "expired"
  | "withdrawn"
  | "used";

const STEPS = { Open: "ask", Expired: "expired", Withdrawn: "withdrawn", Accepted: "used" } as const satisfies Record<
  Schemas["InvitationPreview"]["status"],
  Step
>;

/** The step for the status of an invitation. */
export function stepOf({ status }: Pick<Schemas["InvitationPreview"], "status">): Step {
  return STEPS[status];
}

/** The step after a failure; the same step if the failure is to be shown. */
export function stepAfter(step: Step, { code, details, kind }: Failure): Step {
  if (step !== "look" && step !== "ask" && step !== "newcomer") return step;
  // It has ended since the page was opened: the API says how.
  if (code === "GONE") return "look";
  if (kind === "missing") return "unknown";
  // A person without an account is asked for name and password.
  if (step === "ask" && code === "VALIDATION_ERROR" && details["constraint"] === "required") return "newcomer";
  return step;
}
