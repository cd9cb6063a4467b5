/** Ukrainian: account. */
import type en from "../en/account";
import type { Translation } from "../translation";

export default {
  "account.switchTo": "Перейти",
  "account.here": "Ви тут",
  "account.workplaces": "Компанії та партнери",
  "account.sessions": "Сеанси",
  "account.thisSession": "Цей",
  "account.browserUnknown": "Невідомий браузер",
  "account.signedIn": "Вхід {at}",
  "account.used": "використано {ago}",
  "account.end": "Завершити",
  "account.endTitle": "Завершити цей сеанс?",
  "account.ended": "Сеанс завершено.",
  "account.endOthers": "Завершити всі інші",
  "account.endOthersTitle": "Завершити всі інші сеанси?",
  "account.endText": "Того, хто користується цим сеансом, буде негайно відключено.",
  "account.othersEnded": "Усі інші сеанси завершено.",
  "account.othersFailed": {
    one: "Не вдалося завершити {count} сеанс. Спробуйте ще раз.",
    few: "Не вдалося завершити {count} сеанси. Спробуйте ще раз.",
    many: "Не вдалося завершити {count} сеансів. Спробуйте ще раз.",
    other: "Не вдалося завершити {count} сеансу. Спробуйте ще раз.",
  },
  "account.sessionsText": "Сеанс завершується, коли ви виходите, або після 30 днів без користування.",
  "account.signOutAll": "Вийти всюди",
  "account.signOutAllTitle": "Вийти всюди?",
  "account.signOutAllText": "Усі ваші сеанси завершаться негайно, на кожному пристрої, і на цьому теж.",
  "account.password": "Змінити пароль",
  "account.passwordText": "Усі інші ваші сеанси завершаться, цей триватиме.",
  "account.current": "Теперішній пароль",
  "account.new": "Новий пароль",
  "account.newHint": "Від 8 до 128 символів. Речення краще за слово.",
  "account.wrong": "Теперішній пароль неправильний.",
  "account.passwordChanged": "Пароль змінено.",
} satisfies Translation<typeof en>;
