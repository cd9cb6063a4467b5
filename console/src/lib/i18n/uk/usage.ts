/** Ukrainian: usage. */
import type en from "../en/usage";
import type { Translation } from "../translation";

export default {
  "usage.title": "Використання API",
  "usage.lead": "Що зробили всі ваші ключі разом, за днями UTC. Останніх кількох секунд може бракувати.",
  "usage.docs": "Довідник API",
  "usage.period": "Період",
  "usage.days": { one: "{count} день", few: "{count} дні", many: "{count} днів", other: "{count} дня" },
  "usage.looks": "Пошуки",
  "usage.bookings": "Бронювання",
  "usage.lookToBook": "Пошуків на бронювання",
  "usage.paid": "Оплачені квитки",
  "usage.booked": "Квитки з оплатою в автобусі",
  "usage.canceled": "Скасовані квитки",
  "usage.requests": "Запити",
  "usage.limited": "Відхилені, забагато",
  "usage.chart": "Пошуки й бронювання за днями",
  "usage.most": "Найбільше за день: {count}",
  "usage.table": "Показники за днями",
  "usage.day": "День",
  "usage.sum": "Разом",
  "usage.empty": "За цей період запитів не було",
  "usage.emptyText": "Показники зʼявляться з першим запитом одного з ваших ключів.",
  "usage.limits": "Обмеження запитів",
  "usage.limitsText": "Вони спільні для всіх ваших ключів. На запит понад них відповідь 429.",
  "usage.limit": "{quota} за {seconds} с",
  "class.catalogue": "Міста й зупинки",
  "class.search": "Пошук",
  "class.read": "Бронювання, читання",
  "class.write": "Бронювання, зміни",
  "usage.old": "Старий API",
  "usage.oldText":
    "Виклики /rest, їхні заміни та день, коли його для вас буде закрито, програма отримує з одним із ваших ключів:",
  "usage.guide": "Посібник із переходу",
} satisfies Translation<typeof en>;
