/** Ukrainian: base. */
import type en from "../en/base";
import type { Translation } from "../translation";

export default {
  "common.all": "Усі",
  "common.back": "Назад",
  "common.close": "Закрити",
  "common.loading": "Завантаження …",
  "common.retry": "Спробувати ще раз",
  "common.undo": "Повернути",
  "common.today": "Сьогодні",
  "common.tomorrow": "Завтра",
  "pager.label": "Сторінки списку",
  "pager.previous": "Назад",
  "pager.next": "Далі",
  "pager.shown": "{from}–{to} із {total}",

  "nav.label": "Розділи",
  "nav.home": "PREXSELL, на початок",
  "nav.skip": "До вмісту сторінки",
  "nav.today": "Сьогодні",
  "nav.departures": "Рейси",
  "nav.timetable": "Розклад",
  "nav.orders": "Замовлення",
  "nav.reports": "Звіти",
  "nav.buses": "Автобуси",
  "nav.partners": "Партнери",
  "nav.keys": "Ключі API",
  "nav.rules": "Правила й ціни",
  "nav.people": "Люди",
  "nav.usage": "Використання",
  "nav.migration": "Перехід",
  "nav.more": "Ще",

  "common.email": "Електронна пошта",

  "workplace.platform": "Платформа",
  "role.ADMIN": "Адміністратор",
  "role.MANAGER": "Менеджер",
  "role.DISPATCHER": "Диспетчер",
  "role.ACCOUNTANT": "Бухгалтер",
  "role.OPERATOR": "Оператор платформи",

  "account.menu": "Обліковий запис і налаштування",
  "account.title": "Обліковий запис і сеанси",

  "failure.offline": "Немає звʼязку з платформою. Перевірте зʼєднання.",
  "failure.update": "Сторінку не вдалося завантажити. Можливо, є новіша версія: завантажте її знову.",

  "nav.ops": "Черги",
  "nav.jobs": "Збої",
  "nav.story": "Перебіг",
  "nav.members": "Партнери",
  "nav.audit": "Журнал дій",
  "notFound.home": "На початок",
  "account.language": "Мова",
  "account.signOut": "Вийти",
} satisfies Translation<typeof en>;
