/** Russian: orders. */
import type en from "../en/orders";
import type { Translation } from "../translation";

export default {
  "orders.title": "Заказы",
  "orders.count": {
    one: "{count} заказ",
    few: "{count} заказа",
    many: "{count} заказов",
    other: "{count} заказа",
  },
  "orders.found": {
    one: "Найден {count} заказ.",
    few: "Найдено {count} заказа.",
    many: "Найдено {count} заказов.",
    other: "Найдено {count} заказа.",
  },
  "orders.search": "Поиск",
  "orders.searchHint": "Имя, телефон, почта или номер",
  "orders.day": "День отправления",
  "orders.status": "Статус",
  "orders.payment": "Оплата",
  "orders.waiting": "Ждут вас",
  "orders.route": "Маршрут",
  "orders.oneRoute": "Только один маршрут",
  "orders.filters": "Фильтры",
  "orders.clear": "Сбросить фильтры",
  "orders.none": "Ничего не найдено",
  "orders.noneText": "Попробуйте меньше фильтров, другой день или часть имени.",
  "orders.empty": "Заказов пока нет",
  "orders.emptyText": "Заказы появятся здесь, как только партнёр продаст место в вашем автобусе.",

  "order.departure": "Отправление",
  "order.price": "Стоимость",
  "order.note": "Примечание",
  "order.platform": "Платформа",
  "order.discount": "Скидка",
  "order.prepaid": "Предоплата",
  "order.refund": "Сумма возврата",
  "order.due": "К оплате при посадке",
  "order.sale": "Продажа",
  "order.partner": "Продавец",
  "order.created": "Создан",
  "order.id": "ID заказа",
  "order.booking": "ID бронирования",
  "order.sameRoute": "Все заказы этого маршрута",

  "orders.tooMany": "Подходит более 1000 заказов. Выберите день отправления или введите больше букв имени.",
  "orders.tooShort": "Введите не менее 2 символов.",

  "order.pdf": "Билет, PDF",
} satisfies Translation<typeof en>;
