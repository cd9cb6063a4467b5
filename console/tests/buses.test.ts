import { expect, it } from "vitest";

import type { Departure } from "../src/lib/api/client";
import { midnight } from "../src/lib/dates";
import { runsOf } from "../src/pages/buses/runs";
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
