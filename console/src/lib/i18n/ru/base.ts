/** Russian: base. */
import type en from "../en/base";
import type { Translation } from "../translation";

export default {
  "common.all": "Все",
  "common.back": "Назад",
  "common.close": "Закрыть",
  "common.loading": "Загрузка …",
  "common.retry": "Попробовать ещё раз",
  "common.undo": "Вернуть",
  "common.today": "Сегодня",
  "common.tomorrow": "Завтра",
  "pager.label": "Страницы списка",
  "pager.previous": "Назад",
  "pager.next": "Далее",
  "pager.shown": "{from}–{to} из {total}",

  "nav.label": "Разделы",
  "nav.home": "PREXSELL, в начало",
  "nav.skip": "К содержимому страницы",
  "nav.today": "Сегодня",
  "nav.departures": "Рейсы",
  "nav.timetable": "Расписание",
  "nav.orders": "Заказы",
  "nav.reports": "Отчёты",
  "nav.buses": "Автобусы",
  "nav.partners": "Партнёры",
  "nav.keys": "Ключи API",
  "nav.rules": "Правила и цены",
  "nav.people": "Люди",
  "nav.usage": "Использование",
  "nav.migration": "Переход",
  "nav.more": "Ещё",

  "common.email": "Электронная почта",

  "workplace.platform": "Платформа",
  "role.ADMIN": "Администратор",
  "role.MANAGER": "Менеджер",
  "role.DISPATCHER": "Диспетчер",
  "role.ACCOUNTANT": "Бухгалтер",
  "role.OPERATOR": "Оператор платформы",

  "account.menu": "Учётная запись и настройки",
  "account.title": "Учётная запись и сеансы",

  "failure.offline": "Нет связи с платформой. Проверьте соединение.",
  "failure.update": "Страницу не удалось загрузить. Возможно, есть новая версия: загрузите её снова.",

  "nav.ops": "Очереди",
  "nav.jobs": "Сбои",
  "nav.story": "Ход событий",
  "nav.members": "Партнёры",
  "nav.audit": "Журнал действий",
  "notFound.home": "В начало",
  "account.language": "Язык",
  "account.signOut": "Выйти",
} satisfies Translation<typeof en>;
