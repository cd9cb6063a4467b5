/** Russian: the states of an order, and its details. */
import type en from "../en/states";
import type { Translation } from "../translation";

export default {
  "status.Processing": "Ожидает",
  "status.Confirmed": "Подтверждён",
  "status.NotConfirmed": "Отклонён",
  "status.Uncompleted": "Не оплачен вовремя",
  "status.Canceled": "Отменён",
  "status.Refund": "Возвращён",
  "payment.Unpaid": "Не оплачено",
  "payment.Booked": "Оплата при посадке",
  "payment.Prepaid": "Предоплата",
  "payment.Paid": "Оплачено",
  "order.passenger": "Пассажир",
  "order.seat": "Место",
  "order.phone": "Телефон",
  "order.reference": "Номер заказа",
  "order.print": "Печать",
} satisfies Translation<typeof en>;
