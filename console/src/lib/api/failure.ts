/** What can go wrong with a request, as pages show it. */
import type { Schemas } from "./client";

export type FailureKind = "offline" | "forbidden" | "missing" | "conflict" | "invalid" | "limited" | "signedOut" | "broken" | "uncopied";

export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    /** The stable code of the API, such as `ORDER_CONFLICT`; empty without an answer. */
    readonly code: string,
    /** What the API said, in English. */
    message: string,
    /** `x-request-id`, for support. */
    readonly requestId: string | null,
    readonly details: Record<string, unknown>,
  ) {
    super(message);
  }
}

const KINDS: Record<number, FailureKind> = {
  400: "invalid",
  401: "signedOut",
  403: "forbidden",
  404: "missing",
  409: "conflict",
  410: "missing",
  422: "invalid",
  429: "limited",
};

/** The failure that a status of the API and its body describe. */
export function failureOf(status: number, body: unknown, requestId: string | null): Failure {
  const errors = (body as Partial<Schemas["Errors"]> | null | undefined)?.errors;
  const first = Array.isArray(errors) ? errors[0] : undefined;
  const details = (first?.details ?? {}) as Record<string, unknown>;
  return new Failure(KINDS[status] ?? "broken", first?.code ?? "", first?.message ?? "", requestId, details);
}

interface Answered<T> {
  data?: { data: T } | undefined;
  error?: unknown;
  response: Response;
}

/** The data of a response; throws a `Failure`. */
export async function take<T>(answer: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await reached(answer);
  if (data !== undefined) return data.data;
  throw failureOf(response.status, error, response.headers.get("x-request-id"));
}

/** Like `take`, for responses without a body. */
export async function done(answer: Promise<{ error?: unknown; response: Response }>): Promise<void> {
  const { error, response } = await reached(answer);
  if (!response.ok) throw failureOf(response.status, error, response.headers.get("x-request-id"));
}

/** The file in a response; throws a `Failure`. The request must have `parseAs: "blob"`. */
export async function file(answer: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<Blob> {
  const { data, error, response } = await reached(answer);
  if (data instanceof Blob) return data;
  throw failureOf(response.status, error, response.headers.get("x-request-id"));
}

async function reached<A>(answer: Promise<A>): Promise<A> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure("offline", "", String(cause), null, {});
  }
}

/** Anything that was thrown, as a failure. */
export function asFailure(thrown: unknown): Failure {
  return thrown instanceof Failure ? thrown : new Failure("broken", "", String(thrown), null, {});
}
