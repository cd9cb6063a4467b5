/** English: sending a timetable. */
export default {
  "timetable.sending": "{name} is being sent: {percent}",
  "timetable.leave": "Your file is still being sent. Leaving this page stops that. Leave?",
  "timetable.sent": "The platform is saving {name} …",
  "timetable.notSent": "{name} was not sent. {reason}",
  "timetable.tooLarge": "The file is larger than 256 MB.",
  "timetable.notZip": "This is not a zip archive.",
  "timetable.manyUploads": "Too many timetables are being checked. Wait until one of them is done.",
} as const;
