/** Russian: sending a timetable. */
import type en from "../en/sending";
import type { Translation } from "../translation";

export default {
  "timetable.sending": "{name} отправляется: {percent}",
  "timetable.leave": "Файл ещё отправляется. Если покинуть страницу, отправка прервётся. Покинуть?",
  "timetable.sent": "Платформа сохраняет {name} …",
  "timetable.notSent": "{name} не отправлен. {reason}",
  "timetable.tooLarge": "Файл больше 256 МБ.",
  "timetable.notZip": "Это не ZIP-архив.",
  "timetable.manyUploads": "Одновременно проверяется слишком много расписаний. Подождите, пока завершится одна из проверок.",
} satisfies Translation<typeof en>;
