/** Ukrainian: order. */
import type en from "../en/order";
import type { Translation } from "../translation";

export default {
  "order.title": "Замовлення",

  "history.title": "Історія",
  "history.created": "Створено",
  "history.paid": "Оплачено",
  "history.booked": "Заброньовано, оплата під час посадки",
  "history.canceled": "Скасовано",
  "history.uncompleted": "Час на оплату вичерпано",
  "history.confirmed": "Підтверджено",
  "history.rejected": "Відхилено",
  "history.prepaid": "Записано передоплату",
  "history.moved": "Перенесено",
  "history.resent": "Квиток надіслано повторно",
  "history.system": "платформа",
  "history.you": "ви",
  "history.partner": "партнер",
  "history.colleague": "ваш колега",

  "decide.confirm": "Підтвердити",
  "decide.reject": "Відхилити",
  "decide.prepaid": "Передоплата",
  "decide.move": "Перенести",
  "decided.confirm": "Замовлення підтверджено.",
  "decided.reject": "Замовлення відхилено.",
  "decided.prepaid": "Передоплату записано.",
  "decided.move": "Замовлення перенесено.",

  "decide.cancel": "Скасувати замовлення",
  "decide.resend": "Надіслати квиток ще раз",
  "decided.cancel": "Замовлення скасовано.",
  "decided.resend": "Квиток надсилається ще раз.",

  "delivery.title": "Повідомлення пасажирові",
  "delivery.none": "Повідомлень ще немає.",
  "delivery.Pending": "Надсилається",
  "delivery.Sent": "Надіслано",
  "delivery.Failed": "Не доставлено",
  "delivery.NotSent": "Не надсилалося",
  "delivery.Email": "Пошта",
  "delivery.Viber": "Viber",
  "delivery.refused": "Адресу або номер відхилено: чи правильні вони?",
  "delivery.busy": "Служба була недоступна або зайнята.",
  "delivery.setup": "Служба зараз не приймає повідомлень від платформи.",
  "delivery.unsent": "Повідомлення не вдалося надіслати.",
  "delivery.noEmail": "Пасажир не має електронної пошти.",
  "delivery.noViber": "Жоден номер пасажира не має Viber.",
  "delivery.unreached": "На той момент пасажир був недоступний цим каналом.",
  "delivery.again": "Буде ще одна спроба.",
} satisfies Translation<typeof en>;
