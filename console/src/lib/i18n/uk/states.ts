/** Ukrainian: the states of an order, and its details. */
import type en from "../en/states";
import type { Translation } from "../translation";

export default {
  "status.Processing": "Очікує",
  "status.Confirmed": "Підтверджено",
  "status.NotConfirmed": "Відхилено",
  "status.Uncompleted": "Не оплачено вчасно",
  "status.Canceled": "Скасовано",
  "status.Refund": "Повернено",
  "payment.Unpaid": "Не оплачено",
  "payment.Booked": "Оплата під час посадки",
  "payment.Prepaid": "Передоплата",
  "payment.Paid": "Оплачено",
  "order.passenger": "Пасажир",
  "order.seat": "Місце",
  "order.phone": "Телефон",
  "order.reference": "Номер замовлення",
  "order.print": "Друкувати",
} satisfies Translation<typeof en>;
