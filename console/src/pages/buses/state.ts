/** What is known about a bus now, and whether it is among those that the user searches for. */
import type { FmsObject } from "../../lib/api/client";
import { type Freshness, freshness } from "../../lib/dates";

export type BusState = Freshness | "off" | "waiting";

/** `waiting`: the bus is tracked, but no position has come yet. */
export function stateOf({ enabled, lastPosition }: Pick<FmsObject, "enabled" | "lastPosition">, now: number): BusState {
  if (!enabled) return "off";
  return lastPosition ? freshness(lastPosition.recordedAt, now) : "waiting";
}

/** States, grouped by what a user does about them. */
export const SIGNALS = ["received", "silent", "off"] as const;
export type Signal = (typeof SIGNALS)[number];

const SIGNAL: Record<BusState, Signal> = {
  live: "received",
  recent: "received",
  // The Today page counts both as silent.
  silent: "silent",
  waiting: "silent",
  off: "off",
};

export const signalOf = (bus: Pick<FmsObject, "enabled" | "lastPosition">, now: number): Signal =>
  SIGNAL[stateOf(bus, now)];

/** Ignores spaces and case, so that `aa0001bb` finds `AA 0001 BB`. */
const plain = (text: string) => text.toLowerCase().replace(/\s+/g, "");

/** Whether the registration number or the name of a bus contains a text. */
export function isCalled({ name, registrationNumber }: Pick<FmsObject, "name" | "registrationNumber">, text: string): boolean {
  return [name, registrationNumber ?? ""].some((one) => plain(one).includes(plain(text)));
}
