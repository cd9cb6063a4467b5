/** Ukrainian: usage. */
import type en from "../en/usage";
import type { Translation } from "../translation";

export default {
  "usage.title": "Використання API",
  "usage.lead": "Разом за всіма вашими ключами, за днями UTC. Останніх кількох секунд може бракувати.",
  "usage.docs": "Довідник API",
  "usage.period": "Період",
  "usage.days": { one: "{count} день", few: "{count} дні", many: "{count} днів", other: "{count} дня" },
  "usage.looks": "Пошуки",
  "usage.bookings": "Бронювання",
  "usage.lookToBook": "Пошуків на одне бронювання",
  "usage.paid": "Оплачені квитки",
  "usage.booked": "Квитки з оплатою під час посадки",
  "usage.canceled": "Скасовані квитки",
  "usage.requests": "Запити",
  "usage.limited": "Відхилені (ліміт)",
  "usage.chart": "Пошуки й бронювання за днями",
  "usage.most": "Найбільше за день: {count}",
  "usage.table": "Показники за днями",
  "usage.day": "День",
  "usage.sum": "Разом",
  "usage.empty": "За цей період запитів не було",
  "usage.emptyText": "Показники зʼявляться з першим запитом одного з ваших ключів.",
  "usage.limits": "Обмеження запитів",
  "usage.limitsText": "Вони спільні для всіх ваших ключів. Запит понад обмеження отримує відповідь 429.",
  "usage.limit": "{quota} за {seconds} с",
  "class.catalogue": "Міста й зупинки",
  "class.search": "Пошук",
  "class.read": "Читання бронювань",
  "class.write": "Зміни бронювань",
  "usage.old": "Старий API",
  "usage.oldText":
    "Скільки викликів /rest роблять ваші програми, чим їх замінити й коли старий API для вас закриється.",
  "usage.move": "Перехід зі старого API",
} satisfies Translation<typeof en>;
