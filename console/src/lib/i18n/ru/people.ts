/** Russian: people. */
import type en from "../en/people";
import type { Translation } from "../translation";

export default {
  "people.title": "Люди",
  "people.lead": "Кто здесь работает и что кому разрешено. Изменения действуют сразу.",
  "people.you": "Это вы",
  "people.disabled": "Вход запрещён",
  "people.seen": "Активность {ago}",
  "people.unseen": "Без активности за последние 30 дней",
  "people.last": "Единственный администратор: роль можно изменить, когда она будет ещё у кого-то.",
  "people.change": "Изменить роль",
  "people.withdraw": "Закрыть доступ",
  "people.changeTitle": "Роль: {name}",
  "people.changeSelf": "Вы больше не увидите эту страницу, если не останетесь администратором.",
  "people.changed": "Роль изменена: {name}, {role}.",
  "people.withdrawTitle": "Закрыть доступ: {name}?",
  "people.withdrawText":
    "Сеансы здесь завершатся сразу. Доступ к другим компаниям и партнёрам останется, как и всё, что здесь сделано.",
  "people.withdrawSelf": "Это ваш собственный доступ: вы выйдете из системы.",
  "people.withdrawn": "Доступ закрыт: {name}.",
  "people.lastRefused":
    "Это единственный администратор, который может войти. Сначала сделайте администратором кого-то ещё.",

  "people.invite": "Пригласить",
  "people.inviteTitle": "Пригласить человека",
  "people.inviteText": "Письмо со ссылкой уйдёт сразу. Ссылка действует один раз, в течение 7 дней.",
  "people.role": "Роль",
  "people.language": "Язык письма",
  "people.invited": "Приглашение для {email} отправляется.",
  "people.works": "Этот человек здесь уже работает.",
  "people.full": "Открыто 100 приглашений. Сначала отзовите одно.",
  "people.address": "На такой адрес нельзя написать.",
  "people.open": "Открытые приглашения",
  "people.sent": "Письмо отправлено {ago}",
  "people.unsent": "Письмо ещё не отправлено",
  "people.until": "До {at}",
  "people.takeBack": "Отозвать",
  "people.takeBackTitle": "Отозвать приглашение для {email}?",
  "people.takeBackText": "Ссылка в письме сразу перестанет действовать.",
  "people.takenBack": "Приглашение для {email} отозвано.",

  "people.COMPANY.ADMIN": "Всё, включая людей и партнёров.",
  "people.COMPANY.MANAGER": "Заказы, рейсы, автобусы, отчёты, расписание, правила и цены.",
  "people.COMPANY.DISPATCHER": "Заказы, рейсы и автобусы.",
  "people.COMPANY.ACCOUNTANT": "Отчёты.",
  "people.PARTNER.ADMIN": "Всё: ключи API, использование, переход и люди.",
  "people.PARTNER.MANAGER": "Использование API и переход со старого.",
  "people.PARTNER.ACCOUNTANT": "Использование API и переход со старого.",
} satisfies Translation<typeof en>;
