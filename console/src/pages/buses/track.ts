/** Where a bus was. */
import type { Schemas } from "../../lib/api/client";

export type Position = Schemas["Position"];

/** The last position of a track that is not after a moment; the first one before the track begins. */
export function positionAt(track: Position[], moment: number): Position | undefined {
  const later = track.findIndex(({ recordedAt }) => Date.parse(recordedAt) > moment);
  return later === -1 ? track.at(-1) : track[Math.max(0, later - 1)];
}

/** A position as maps take it: longitude, latitude. */
export const placeOf = ({ longitude, latitude }: Position): [number, number] => [longitude, latitude];
