/** What the statuses of an upload mean to the user. */
import type { TimetableUpload } from "../../lib/api/client";

export function isRunning({ status }: TimetableUpload): boolean {
  return status === "Checking" || status === "Publishing";
}

/** Whether a timetable was checked and not published, or its publication failed on our side. */
export function canBePublished({ kind, status, checkedAt }: TimetableUpload): boolean {
  return kind === "Upload" && (status === "Ready" || (status === "Failed" && checkedAt !== null));
}

/** The progress in percent; undefined while it waits for its turn. */
export function percentOf({ progress }: TimetableUpload): number | undefined {
  return progress.phase === "Waiting" ? undefined : progress.percent;
}

export function toneOf({ status, isCurrent }: TimetableUpload): "good" | "wait" | "bad" | "off" {
  if (status === "Refused" || status === "Failed") return "bad";
  if (status === "Published") return isCurrent ? "good" : "off";
  return "wait";
}
