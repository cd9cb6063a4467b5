/** Russian: timetable. */
import type en from "../en/timetable";
import type { Translation } from "../translation";

export default {
  "timetable.title": "Расписание",
  "timetable.lead": "Загрузите расписание в формате GTFS, посмотрите, что изменится, и опубликуйте его.",
  "timetable.send": "Загрузить расписание",
  "timetable.drop": "Перетащите сюда файл GTFS",
  "timetable.choose": "Выбрать файл",
  "timetable.hint": "ZIP-архив до 256 МБ. Сначала он только проверяется: ничего не изменится, пока вы не опубликуете расписание.",
  "timetable.stop": "Прервать отправку",

  "timetable.uploads": "Загруженные расписания",
  "timetable.none": "Расписаний ещё не загружали",
  "timetable.noneText": "Возможно, ваше расписание импортировала платформа. Первый загруженный файл будет сравнён с ним.",
  "timetable.kind.Upload": "Загруженное расписание",
  "timetable.kind.Undo": "Прежнее расписание",
  "timetable.of.Upload": "Расписание от {moment}",
  "timetable.of.Undo": "Возврат от {moment}",
  "timetable.current": "Последняя публикация",
  "timetable.status.Checking": "Проверяется",
  "timetable.status.Ready": "Можно публиковать",
  "timetable.status.Refused": "Отклонено",
  "timetable.status.Publishing": "Публикуется",
  "timetable.status.Published": "Опубликовано",
  "timetable.status.Failed": "Не удалось",
  "timetable.phase.Waiting": "Ждёт своей очереди",
  "timetable.phase.Reading": "Читаются файлы",
  "timetable.phase.Comparing": "Сравнивается с опубликованным расписанием",
  "timetable.phase.Writing": "Записываются изменения",
  "timetable.phase.Tickets": "Обновляются проданные билеты",
  "timetable.phase.Done": "Готово",

  "timetable.undo": "Отменить публикацию",
} satisfies Translation<typeof en>;
