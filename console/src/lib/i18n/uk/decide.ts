/** Ukrainian: the dialogs that decide on an order. */
import type en from "../en/decide";
import type { Translation } from "../translation";

export default {
  "decide.confirmTitle": "Підтвердити замовлення?",
  "decide.confirmText": "{name} поїде. Пасажир отримає повідомлення.",
  "decide.rejectTitle": "Відхилити замовлення?",
  "decide.rejectText":
    "Пасажира {name} не буде перевезено, а місце негайно повернеться у продаж. Пасажир отримає повідомлення.",
  "decide.prepaidTitle": "Записати передоплату",
  "decide.prepaidText": "Решту {name} сплатить під час посадки. Замовлення стане підтвердженим, пасажир отримає повідомлення.",
  "decide.moveTitle": "Перенести замовлення",
  "decide.moveText": "{name} їде іншого дня, або їде хтось інший. Вартість і оплата не змінюються.",
  "decide.amount": "Сума передоплати",
  "decide.amountHint": "Не більше за вартість, {price}.",
  "decide.day": "День відправлення",
  "decide.nothing": "Виберіть інший день або вкажіть іншого пасажира.",
  "decide.otherPassenger": "Їде хтось інший",
  "decide.firstName": "Імʼя",
  "decide.lastName": "Прізвище",
  "decide.phoneHint": "З кодом країни: +380 67 123 45 67",
  "decide.reason": "Причина",
  "decide.reasonHint": "Необовʼязково. Залишиться в історії.",
  "decide.cancelTitle": "Скасувати замовлення?",
  "decide.keep": "Залишити замовлення",
  "decide.cancelText": "Пасажир {name} не поїде, а місце негайно повернеться у продаж. Пасажир отримає повідомлення.",
  "decide.refund": "До повернення",
  "decide.refundGrace": "Уся сума: замовленню менше ніж 20 хвилин.",
  "decide.refundRule": "За вашим правилом: щонайменше {hours} год до посадки.",
  "decide.refundNoRule": "Так близько до посадки жодне ваше правило не діє.",
  "decide.refundUnpaid": "Замовлення не оплачено: повертати нічого.",
  "decide.resendTitle": "Надіслати квиток ще раз",
  "decide.resendText": "{name} отримає квиток ще раз. Виправлене тут збережеться, і квиток буде надіслано лише туди.",
  "decide.email": "Виправлена пошта",
  "decide.phone": "Виправлений телефон",
  "decide.keepHint": "Залиште порожнім, якщо все правильно.",
} satisfies Translation<typeof en>;
