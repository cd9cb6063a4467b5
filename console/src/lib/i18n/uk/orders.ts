/** Ukrainian: orders. */
import type en from "../en/orders";
import type { Translation } from "../translation";

export default {
  "orders.title": "Замовлення",
  "orders.count": {
    one: "{count} замовлення",
    few: "{count} замовлення",
    many: "{count} замовлень",
    other: "{count} замовлення",
  },
  "orders.found": {
    one: "Знайдено {count} замовлення.",
    few: "Знайдено {count} замовлення.",
    many: "Знайдено {count} замовлень.",
    other: "Знайдено {count} замовлення.",
  },
  "orders.search": "Пошук",
  "orders.searchHint": "Імʼя, телефон, пошта або номер",
  "orders.day": "День відправлення",
  "orders.status": "Статус",
  "orders.payment": "Оплата",
  "orders.waiting": "Очікують на вас",
  "orders.route": "Маршрут",
  "orders.oneRoute": "Лише один маршрут",
  "orders.filters": "Фільтри",
  "orders.clear": "Очистити фільтри",
  "orders.none": "Нічого не знайдено",
  "orders.noneText": "Спробуйте менше фільтрів, інший день або частину імені.",
  "orders.empty": "Замовлень ще немає",
  "orders.emptyText": "Замовлення зʼявляться тут, щойно партнер продасть місце у вашому автобусі.",

  "order.departure": "Відправлення",
  "order.price": "Вартість",
  "order.note": "Примітка",
  "order.platform": "Платформа",
  "order.discount": "Знижка",
  "order.prepaid": "Передоплата",
  "order.refund": "Сума повернення",
  "order.due": "До сплати під час посадки",
  "order.sale": "Продаж",
  "order.partner": "Продавець",
  "order.created": "Створено",
  "order.id": "ID замовлення",
  "order.booking": "ID бронювання",
  "order.sameRoute": "Усі замовлення цього маршруту",

  "orders.tooMany": "Підходить понад 1000 замовлень. Виберіть день відправлення або введіть більше літер імені.",
  "orders.tooShort": "Введіть щонайменше 2 символи.",

  "order.pdf": "Квиток, PDF",
} satisfies Translation<typeof en>;
