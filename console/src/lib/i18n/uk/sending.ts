/** Ukrainian: sending a timetable. */
import type en from "../en/sending";
import type { Translation } from "../translation";

export default {
  "timetable.sending": "{name} надсилається: {percent}",
  "timetable.leave": "Файл ще надсилається. Якщо ви залишите сторінку, надсилання припиниться. Залишити?",
  "timetable.sent": "Платформа зберігає {name} …",
  "timetable.notSent": "{name} не надіслано. {reason}",
  "timetable.tooLarge": "Файл більший за 256 МБ.",
  "timetable.notZip": "Це не ZIP-архів.",
  "timetable.manyUploads": "Одночасно перевіряється забагато розкладів. Зачекайте, доки завершиться одна з перевірок.",
} satisfies Translation<typeof en>;
