/** Positions of a bus in the past. */
import type { Schemas } from "../../lib/api/client";

export type Position = Schemas["Position"];

/** The last position of a track up to an instant; before the track begins, its first one. */
export function positionAt(track: Position[], moment: number): Position | undefined {
  let [low, high] = [0, track.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(track[middle]!.recordedAt) > moment) high = middle;
    else low = middle + 1;
  }
  return track[Math.max(0, low - 1)];
}

/** A position in the form for maps: longitude, latitude. */
export const placeOf = ({ longitude, latitude }: Position): [number, number] => [longitude, latitude];

/** A position in words, for use without a map: degrees north and east, to about ten metres. */
export const written = ({ latitude, longitude }: Pick<Position, "latitude" | "longitude">): string =>
  `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
