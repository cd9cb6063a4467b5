/** Ukrainian: the dialog of a scheduled report. */
import type en from "../en/schedule";
import type { Translation } from "../translation";

export default {
  "schedules.period": "Дні звіту",
  "schedules.orders": "Замовлення",
  "schedules.rhythm": "Коли",
  "schedules.onWeekdays": "У дні тижня",
  "schedules.onDay": "У день місяця",
  "schedules.day": "День місяця",
  "schedules.dayHint": "У коротших місяцях — останнього дня.",
  "schedules.lastDayOption": "останній день",
  "schedules.time": "Час",
  "schedules.timeHint": "Часовий пояс: {zone}",
  "schedules.language": "Мова листів",
  "schedules.recipients": "Одержувачі",
  "schedules.recipientsHint": "По одній адресі в рядку, щонайбільше 10. Завантажити файл може кожен, хто має посилання.",
  "schedules.enabled": "Створювати ці звіти",
  "schedules.save": "Зберегти",
  "schedules.changeTitle": "Регулярний звіт",
  "schedules.removeTitle": "Видалити цей регулярний звіт?",
  "schedules.removeText": "Нових звітів не буде, а ще не надіслані листи не надійдуть. Уже створені звіти залишаться.",
  "schedules.created": "Звіт заплановано.",
  "schedules.changed": "Регулярний звіт змінено.",
  "schedules.removed": "Регулярний звіт видалено.",
  "schedules.noDay": "Виберіть хоча б один день.",
  "schedules.address": "На адресу «{address}» не можна надіслати лист.",
  "schedules.full": "Компанія може мати щонайбільше 20 регулярних звітів. Спершу видаліть один із них.",
} satisfies Translation<typeof en>;
