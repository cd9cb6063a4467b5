/** What the statuses of an upload mean to the user. */
import type { TimetableUpload } from "../../lib/api/client";

export function isRunning({ status }: TimetableUpload): boolean {
  return status === "Checking" || status === "Publishing";
}

/** Whether a timetable was checked and not published, or its publication failed on our side. */
export function canBePublished({ status, checkedAt }: TimetableUpload): boolean {
  return status === "Ready" || (status === "Failed" && checkedAt !== null);
}

/** Whether it can be compared with the published timetable again. */
export function canBeChecked({ status }: TimetableUpload): boolean {
  return status === "Ready" || status === "Refused" || status === "Failed";
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
