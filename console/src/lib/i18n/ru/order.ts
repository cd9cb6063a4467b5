/** Russian: order. */
import type en from "../en/order";
import type { Translation } from "../translation";

export default {
  "order.title": "Заказ",

  "history.title": "История",
  "history.created": "Создан",
  "history.paid": "Оплачен",
  "history.booked": "Забронирован, оплата при посадке",
  "history.canceled": "Отменён",
  "history.uncompleted": "Время на оплату истекло",
  "history.confirmed": "Подтверждён",
  "history.rejected": "Отклонён",
  "history.prepaid": "Записана предоплата",
  "history.moved": "Перенесён",
  "history.resent": "Билет отправлен повторно",
  "history.system": "платформа",
  "history.you": "вы",
  "history.partner": "партнёр",
  "history.colleague": "ваш коллега",

  "decide.confirm": "Подтвердить",
  "decide.reject": "Отклонить",
  "decide.prepaid": "Предоплата",
  "decide.move": "Перенести",
  "decided.confirm": "Заказ подтверждён.",
  "decided.reject": "Заказ отклонён.",
  "decided.prepaid": "Предоплата записана.",
  "decided.move": "Заказ перенесён.",

  "decide.cancel": "Отменить заказ",
  "decide.resend": "Отправить билет ещё раз",
  "decided.cancel": "Заказ отменён.",
  "decided.resend": "Билет отправляется ещё раз.",

  "delivery.title": "Сообщения пассажиру",
  "delivery.none": "Сообщений ещё нет.",
  "delivery.Pending": "Отправляется",
  "delivery.Sent": "Отправлено",
  "delivery.Failed": "Не доставлено",
  "delivery.NotSent": "Не отправлялось",
  "delivery.Email": "Почта",
  "delivery.Viber": "Viber",
  "delivery.refused": "Адрес или номер отклонён: верен ли он?",
  "delivery.busy": "Служба была недоступна или занята.",
  "delivery.setup": "Служба сейчас не принимает сообщений от платформы.",
  "delivery.unsent": "Сообщение не удалось отправить.",
  "delivery.noEmail": "У пассажира нет электронной почты.",
  "delivery.noViber": "Ни у одного номера пассажира нет Viber.",
  "delivery.unreached": "Тогда с пассажиром нельзя было так связаться.",
  "delivery.again": "Будет ещё одна попытка.",
} satisfies Translation<typeof en>;
