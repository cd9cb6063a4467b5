/** What the states of an upload mean to a person. */
import type { TimetableUpload } from "../../lib/api/client";

export function isRunning({ status }: TimetableUpload): boolean {
  return status === "Checking" || status === "Publishing";
}

/** A timetable that was checked and not published: also one whose publication failed on our side. */
export function canBePublished({ kind, status, checkedAt }: TimetableUpload): boolean {
  return kind === "Upload" && (status === "Ready" || (status === "Failed" && checkedAt !== null));
}

/** How far it is, in percent; nothing while it waits for its turn. */
export function percentOf({ progress }: TimetableUpload): number | undefined {
  return progress.phase === "Waiting" ? undefined : progress.percent;
}

export function toneOf({ status, isCurrent }: TimetableUpload): "good" | "wait" | "bad" | "off" {
  if (status === "Refused" || status === "Failed") return "bad";
  if (status === "Published") return isCurrent ? "good" : "off";
  return "wait";
}
