/** English: publishing a timetable, and undoing that. */
export default {
  "timetable.publishTitle": "Publish this timetable?",
  "timetable.publishText": "It replaces your published timetable. Tickets that were sold follow their departures.",
  "timetable.publishConflict":
    "It cannot be published now: another timetable is being published, or the published one has changed since this one was checked. Check it again.",
  "timetable.gone": "The archive was deleted after its retention period. Upload it again.",
  "timetable.undoTitle": "Bring back the former timetable?",
  "timetable.undoText":
    "The timetable that the latest publication replaced is published again. Tickets that were sold follow their departures. Undoing once more brings back today’s timetable.",
  "timetable.undoConflict":
    "There is no former timetable, a timetable is being published, or it has changed since this was checked. Open this once more.",
  "timetable.undoChecking": "What this would change is being checked",
} as const;
