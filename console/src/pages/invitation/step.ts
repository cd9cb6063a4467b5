/** What the page of an invitation shows. */
import type { Schemas } from "../../lib/api/client";
import type { Failure } from "../../lib/api/failure";

/** `look` asks what it leads to; `newcomer` asks for name and password; the last five end it. */
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

/** The step that fits an invitation. */
export function stepOf({ status }: Pick<Schemas["InvitationPreview"], "status">): Step {
  return STEPS[status];
}

/** Where a refusal leads: to another step, or nowhere, when it is to be shown. */
export function stepAfter(step: Step, { code, details, kind }: Failure): Step {
  if (step !== "look" && step !== "ask" && step !== "newcomer") return step;
  // It is over since the page was opened: the API says how.
  if (code === "GONE") return "look";
  if (kind === "missing") return "unknown";
  // Somebody without an account is asked who they are.
  if (step === "ask" && code === "VALIDATION_ERROR" && details["constraint"] === "required") return "newcomer";
  return step;
}
