/** Russian: the dialog of a scheduled report. */
import type en from "../en/schedule";
import type { Translation } from "../translation";

export default {
  "schedules.period": "Дни отчёта",
  "schedules.orders": "Заказы",
  "schedules.rhythm": "Когда",
  "schedules.onWeekdays": "В дни недели",
  "schedules.onDay": "В день месяца",
  "schedules.day": "День месяца",
  "schedules.dayHint": "В более коротких месяцах — в последний день.",
  "schedules.lastDayOption": "последний день",
  "schedules.time": "Время",
  "schedules.timeHint": "Часовой пояс: {zone}",
  "schedules.language": "Язык писем",
  "schedules.recipients": "Получатели",
  "schedules.recipientsHint": "По одному адресу в строке, не больше 10. Скачать файл может каждый, у кого есть ссылка.",
  "schedules.enabled": "Создавать эти отчёты",
  "schedules.save": "Сохранить",
  "schedules.changeTitle": "Регулярный отчёт",
  "schedules.removeTitle": "Удалить этот регулярный отчёт?",
  "schedules.removeText": "Новых отчётов не будет, а ещё не отправленные письма не уйдут. Созданные отчёты останутся.",
  "schedules.created": "Отчёт запланирован.",
  "schedules.changed": "Регулярный отчёт изменён.",
  "schedules.removed": "Регулярный отчёт удалён.",
  "schedules.noDay": "Выберите хотя бы один день.",
  "schedules.address": "На адрес «{address}» нельзя отправить письмо.",
  "schedules.full": "У компании может быть не больше 20 регулярных отчётов. Сначала удалите один из них.",
} satisfies Translation<typeof en>;
