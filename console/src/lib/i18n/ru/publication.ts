/** Russian: publishing a timetable, and undoing that. */
import type en from "../en/publication";
import type { Translation } from "../translation";

export default {
  "timetable.publishTitle": "Опубликовать это расписание?",
  "timetable.publishText": "Оно заменит ваше опубликованное расписание. Проданные билеты меняются вместе со своими рейсами.",
  "timetable.publishConflict": "Сейчас опубликовать нельзя: публикуется другое расписание или выбранное тем временем изменилось.",
  "timetable.gone": "Срок хранения архива истёк, и он удалён. Загрузите его ещё раз.",
  "timetable.undoTitle": "Вернуть прежнее расписание?",
  "timetable.undoText":
    "Расписание, которое заменила последняя публикация, будет опубликовано снова. Проданные билеты меняются вместе со своими рейсами. Если отменить ещё раз, вернётся нынешнее расписание.",
  "timetable.undoConflict": "Прежнего расписания нет, или сейчас публикуется расписание.",
} satisfies Translation<typeof en>;
