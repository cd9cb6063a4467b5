/** Ukrainian: the dialogs of discounts. */
import type en from "../en/discount";
import type { Translation } from "../translation";

export default {
  "discounts.name": "Назва",
  "discounts.nameHint": "Партнери показують її пасажирам.",
  "discounts.amount": "Знижка",
  "discounts.from": "Перший день продажу",
  "discounts.to": "Останній день продажу",
  "discounts.openHint": "Порожньо: без обмеження.",
  "discounts.reversed": "Останній день настає раніше за перший.",
  "discounts.daysTitle": "Дні знижки «{name}»",
  "discounts.withdrawTitle": "Відкликати «{name}»?",
  "discounts.withdrawText":
    "Ніхто більше не зможе нею скористатися. Продані квитки збережуть ціну, і знижку на них буде видно. Цю дію не можна скасувати.",
  "discounts.created": "Знижку «{name}» створено.",
  "discounts.changed": "Дні знижки «{name}» змінено.",
  "discounts.withdrawn": "Знижку «{name}» відкликано.",
  "discounts.taken": "Інша знижка вже має таку назву.",
} satisfies Translation<typeof en>;
