/** Russian: usage. */
import type en from "../en/usage";
import type { Translation } from "../translation";

export default {
  "usage.title": "Использование API",
  "usage.lead": "Всего по всем вашим ключам, по дням UTC. Последних нескольких секунд может не хватать.",
  "usage.docs": "Справочник API",
  "usage.period": "Период",
  "usage.days": { one: "{count} день", few: "{count} дня", many: "{count} дней", other: "{count} дня" },
  "usage.looks": "Поиски",
  "usage.bookings": "Бронирования",
  "usage.lookToBook": "Поисков на бронирование",
  "usage.paid": "Оплаченные билеты",
  "usage.booked": "Билеты с оплатой при посадке",
  "usage.canceled": "Отменённые билеты",
  "usage.requests": "Запросы",
  "usage.limited": "Отклонённые, слишком много",
  "usage.chart": "Поиски и бронирования по дням",
  "usage.most": "Больше всего за день: {count}",
  "usage.table": "Показатели по дням",
  "usage.day": "День",
  "usage.sum": "Всего",
  "usage.empty": "За этот период запросов не было",
  "usage.emptyText": "Показатели появятся с первым запросом одного из ваших ключей.",
  "usage.limits": "Ограничения запросов",
  "usage.limitsText": "Они общие для всех ваших ключей. На запрос сверх них ответ 429.",
  "usage.limit": "{quota} за {seconds} с",
  "class.catalogue": "Города и остановки",
  "class.search": "Поиск",
  "class.read": "Бронирования, чтение",
  "class.write": "Бронирования, изменения",
  "usage.old": "Старый API",
  "usage.oldText":
    "Сколько раз ваши программы вызывают /rest, чем заменить эти вызовы и когда старый API для вас закроется.",
  "usage.move": "Переход со старого API",
} satisfies Translation<typeof en>;
