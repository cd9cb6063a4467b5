/** Explains failures in the language of the user. */
import type { Failure } from "./api/failure";
import { type Key, learn, t } from "./i18n/index.svelte";

// A page that loads this has something to explain, so the words are loaded with it.
await learn(["failures"]);

/** Codes of the API that say more than their status. */
const CODES = {
  INVALID_CREDENTIALS: "failure.credentials",
  NO_ACCESS: "failure.noAccess",
  ORDER_CONFLICT: "failure.orderConflict",
  DEPARTURE_CLOSED: "failure.departureClosed",
  SEATS_UNAVAILABLE: "failure.seatsUnavailable",
  ORDER_NOT_FOUND: "failure.missing",
  REPORT_NOT_READY: "failure.reportNotReady",
} as const satisfies Record<string, Key>;

const KINDS = {
  offline: "failure.offline",
  forbidden: "failure.forbidden",
  missing: "failure.missing",
  conflict: "failure.conflict",
  limited: "failure.limited",
  signedOut: "failure.signedOut",
  broken: "failure.broken",
  uncopied: "common.copyFailed",
} as const satisfies Record<string, Key>;

/** What is wrong with a field, by the `constraint` of the API. */
const CONSTRAINTS = {
  email: "failure.email",
  required: "failure.empty",
  minLength: "failure.length",
  maxLength: "failure.length",
  min: "failure.range",
  max: "failure.range",
  pattern: "failure.form",
  format: "failure.form",
} as const satisfies Record<string, Key>;

export function explain(failure: Failure): string {
  if (failure.code in CODES) return t(CODES[failure.code as keyof typeof CODES]);
  if (failure.kind !== "invalid") return t(KINDS[failure.kind]);
  const { constraint } = failure.details;
  if (typeof constraint === "string" && Object.hasOwn(CONSTRAINTS, constraint))
    return t(CONSTRAINTS[constraint as keyof typeof CONSTRAINTS]);
  // The API's English text is better than nothing.
  return t("failure.invalid", { message: failure.message });
}
