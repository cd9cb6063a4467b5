/** Russian: publishing a timetable, and undoing that. */
import type en from "../en/publication";
import type { Translation } from "../translation";

export default {
  "timetable.publishTitle": "Опубликовать это расписание?",
  "timetable.publishText": "Оно заменит ваше опубликованное расписание. Проданные билеты меняются вместе со своими рейсами.",
  "timetable.publishConflict":
    "Сейчас опубликовать нельзя: публикуется другое расписание или опубликованное изменилось после проверки этого. Проверьте его ещё раз.",
  "timetable.gone": "Срок хранения архива истёк, и он удалён. Загрузите его ещё раз.",
  "timetable.undoTitle": "Вернуть прежнее расписание?",
  "timetable.undoText":
    "Расписание, которое заменила последняя публикация, будет опубликовано снова. Проданные билеты меняются вместе со своими рейсами. Если отменить ещё раз, вернётся нынешнее расписание.",
  "timetable.undoConflict":
    "Прежнего расписания нет, сейчас публикуется расписание или оно изменилось после проверки. Откройте это окно ещё раз.",
  "timetable.undoChecking": "Проверяем, что это изменит",
} satisfies Translation<typeof en>;
