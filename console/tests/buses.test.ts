import { expect, it } from "vitest";

import type { Departure, FmsObject } from "../src/lib/api/client";
import { midnight } from "../src/lib/dates";
import { readPages } from "../src/pages/buses/read";
import { runsOf } from "../src/pages/buses/runs";
import { isCalled, signalOf, stateOf } from "../src/pages/buses/state";
import { type Position, positionAt } from "../src/pages/buses/track";

it("says which departure a bus runs for: the one under way, else the next", () => {
  const trip = (id: string, bus: string, from: string, to: string) =>
    ({ id, bus: { id: bus }, from: { at: from }, to: { at: to } }) as Departure;
  const departures = [
    trip("overnight", "a", "2026-11-28T18:00:00+02:00", "2026-11-29T15:40:00+01:00"),
    trip("evening", "a", "2026-11-29T18:00:00+02:00", "2026-11-30T15:40:00+01:00"),
    trip("late", "b", "2026-11-29T23:45:00+02:00", "2026-11-30T08:30:00+02:00"),
  ];
  const at = (iso: string) => [...runsOf(departures, Date.parse(iso))].map(([bus, { id }]) => `${bus} ${id}`);
  expect(at("2026-11-29T14:00:00Z")).toEqual(["a overnight"]);
  expect(at("2026-11-29T14:41:00Z")).toEqual(["a evening"]);
  expect(at("2026-11-29T15:45:00Z")).toEqual(["a evening", "b late"]);
});

it("knows where a bus was", () => {
  const track = ["10:00", "10:05", "12:00"].map((time) => ({ recordedAt: `2026-11-29T${time}:00Z` }) as Position);
  const at = (time: string) => track.indexOf(positionAt(track, Date.parse(`2026-11-29T${time}:00Z`))!);
  expect(["09:00", "10:00", "10:04", "11:59", "12:00", "23:00"].map(at)).toEqual([0, 0, 0, 1, 2, 2]);
  expect(positionAt([], 0)).toBe(undefined);
});

it("knows what is known of a bus, and whether a person has to look into it", () => {
  const now = Date.parse("2026-11-29T12:00:00Z");
  const bus = (enabled: boolean, time?: string) =>
    ({ enabled, lastPosition: time ? { recordedAt: `2026-11-29T${time}:00Z` } : null }) as FmsObject;
  const all = [bus(true, "11:58"), bus(true, "11:40"), bus(true, "11:29"), bus(true), bus(false, "11:58"), bus(false)];
  expect(all.map((one) => stateOf(one, now))).toEqual(["live", "recent", "silent", "waiting", "off", "off"]);
  expect(all.map((one) => signalOf(one, now))).toEqual(["received", "received", "silent", "silent", "off", "off"]);
});

it("finds a bus however its number is written", () => {
  const bus = { name: "Setra K1", registrationNumber: "AA 0001 BB" };
  expect(["aa0001", "0001 bb", "setra", "k 1", ""].map((text) => isCalled(bus, text))).toEqual(Array(5).fill(true));
  expect(["aa 0002", "bba"].map((text) => isCalled(bus, text))).toEqual([false, false]);
  expect(isCalled({ name: "Setra K1", registrationNumber: null }, "null")).toBe(false);
});

it("reads a list to its end, or to a bound", async () => {
  const all = Array.from({ length: 12 }, (_, i) => i);
  const page = async (skip: number) => ({ items: all.slice(skip, skip + 5), total: all.length });
  expect(await readPages(page, 100)).toEqual(all);
  expect(await readPages(page, 10)).toEqual(all.slice(0, 10));
  // A total that is never reached.
  expect(await readPages(async (skip) => ({ items: skip ? [] : [1], total: 5 }), 100)).toEqual([1]);
});

it.each([
  ["2026-11-29", "Europe/Kyiv", "2026-11-28T22:00:00.000Z"],
  ["2026-07-01", "Europe/Kyiv", "2026-06-30T21:00:00.000Z"],
  // On these days the clock changes.
  ["2026-03-29", "Europe/Kyiv", "2026-03-28T22:00:00.000Z"],
  ["2026-03-30", "Europe/Kyiv", "2026-03-29T21:00:00.000Z"],
  ["2026-10-25", "Europe/Warsaw", "2026-10-24T22:00:00.000Z"],
  ["2026-10-26", "Europe/Warsaw", "2026-10-25T23:00:00.000Z"],
  ["2026-11-29", "America/New_York", "2026-11-29T05:00:00.000Z"],
])("%s begins in %s at %s", (day, zone, moment) => {
  expect(midnight(day, zone).toISOString()).toBe(moment);
});
