/** Ukrainian: timetable. */
import type en from "../en/timetable";
import type { Translation } from "../translation";

export default {
  "timetable.title": "Розклад",
  "timetable.lead": "Завантажте розклад у форматі GTFS, перегляньте, що зміниться, і опублікуйте його.",
  "timetable.send": "Завантажити розклад",
  "timetable.drop": "Перетягніть сюди файл GTFS",
  "timetable.choose": "Вибрати файл",
  "timetable.hint": "ZIP-архів до 256 МБ. Спершу його лише перевірять: нічого не зміниться, доки ви не опублікуєте розклад.",
  "timetable.stop": "Зупинити надсилання",

  "timetable.uploads": "Завантажені розклади",
  "timetable.none": "Розкладів ще не завантажували",
  "timetable.noneText": "Можливо, ваш розклад імпортувала платформа. Перший завантажений файл буде порівняно з ним.",
  "timetable.kind.Upload": "Завантажений розклад",
  "timetable.kind.Undo": "Попередній розклад",
  "timetable.of.Upload": "Розклад від {moment}",
  "timetable.of.Undo": "Повернення від {moment}",
  "timetable.current": "Остання публікація",
  "timetable.status.Checking": "Перевіряється",
  "timetable.status.Ready": "Можна публікувати",
  "timetable.status.Refused": "Відхилено",
  "timetable.status.Publishing": "Публікується",
  "timetable.status.Published": "Опубліковано",
  "timetable.status.Failed": "Не вдалося",
  "timetable.phase.Waiting": "Чекає своєї черги",
  "timetable.phase.Reading": "Читаються файли",
  "timetable.phase.Comparing": "Порівнюється з опублікованим розкладом",
  "timetable.phase.Writing": "Записуються зміни",
  "timetable.phase.Tickets": "Оновлюються продані квитки",
  "timetable.phase.Done": "Готово",

  "timetable.undo": "Скасувати публікацію",
} satisfies Translation<typeof en>;
