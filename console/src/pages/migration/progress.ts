/** The progress of a partner's migration from the old API. */
import type { Schemas } from "../../lib/api/client";
import { addDays, dayIn } from "../../lib/dates";

type Migration = Schemas["Migration"];
type OldOperation = Schemas["OldOperation"];

/** Days of calls that the API returns; the last one is today, in UTC. */
const SHOWN = 90;
/** Days without a call after which a partner counts as migrated: the period that the API requires before it closes. */
const SILENCE = 30;

export type State = "unused" | "moved" | "calling" | "closed";

export function stateOf({ open, lastCallAt }: Pick<Migration, "open" | "lastCallAt">, now: number): State {
  if (!open) return "closed";
  if (lastCallAt === null) return "unused";
  return daysSince(lastCallAt, now) >= SILENCE ? "moved" : "calling";
}

/** Whole days since an instant. */
export function daysSince(moment: string, now: number): number {
  return Math.floor((now - Date.parse(moment)) / 86_400_000);
}

/** The number of calls on each displayed day, oldest first. */
export function callsByDay(days: OldOperation["days"], now: number): number[] {
  const today = dayIn(new Date(now), "UTC");
  const calls = new Map(days.map((one) => [one.day, one.calls]));
  return Array.from({ length: SHOWN }, (_, i) => calls.get(addDays(today, i - SHOWN + 1)) ?? 0);
}

/** Whether an operation was called recently enough to keep the old API open. */
export function isCalled({ days }: Pick<OldOperation, "days">, now: number): boolean {
  return callsByDay(days, now).slice(-SILENCE).some((calls) => calls > 0);
}

/** Operations that are still called come first, then those with more calls. */
export function inOrder(operations: readonly OldOperation[], now: number): OldOperation[] {
  return operations.toSorted((a, b) => Number(isCalled(b, now)) - Number(isCalled(a, now)) || b.calls - a.calls);
}

export interface Step {
  name: "deprecatedAt" | "sunsetAt" | "closesAt" | "closedAt";
  at: string;
  isPast: boolean;
}

/** The three dates, earliest first. */
export function stepsOf(migration: Migration, now: number): Step[] {
  const { deprecatedAt, sunsetAt, closesAt, open } = migration;
  const steps = [
    { name: "deprecatedAt", at: deprecatedAt },
    { name: "sunsetAt", at: sunsetAt },
    { name: open ? "closesAt" : "closedAt", at: closesAt },
  ] as const;
  return steps
    .map((step) => ({ ...step, isPast: Date.parse(step.at) <= now }))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
