/** Russian: account. */
import type en from "../en/account";
import type { Translation } from "../translation";

export default {
  "account.switchTo": "Перейти",
  "account.here": "Вы здесь",
  "account.workplaces": "Компании и партнёры",
  "account.sessions": "Сеансы",
  "account.thisSession": "Этот",
  "account.browserUnknown": "Неизвестный браузер",
  "account.signedIn": "Вход {at}",
  "account.used": "использован {ago}",
  "account.end": "Завершить",
  "account.endTitle": "Завершить этот сеанс?",
  "account.ended": "Сеанс завершён.",
  "account.endOthers": "Завершить все остальные",
  "account.endOthersTitle": "Завершить все остальные сеансы?",
  "account.endText": "Тот, кто пользуется этим сеансом, будет сразу отключён.",
  "account.othersEnded": "Все остальные сеансы завершены.",
  "account.othersFailed": {
    one: "Не удалось завершить {count} сеанс. Попробуйте ещё раз.",
    few: "Не удалось завершить {count} сеанса. Попробуйте ещё раз.",
    many: "Не удалось завершить {count} сеансов. Попробуйте ещё раз.",
    other: "Не удалось завершить {count} сеанса. Попробуйте ещё раз.",
  },
  "account.sessionsText": "Сеанс завершается, когда вы выходите, или после 30 дней без использования.",
  "account.signOutAll": "Выйти везде",
  "account.signOutAllTitle": "Выйти везде?",
  "account.signOutAllText": "Все ваши сеансы завершатся сразу, на каждом устройстве, и на этом тоже.",
  "account.password": "Изменить пароль",
  "account.passwordText": "Все остальные ваши сеансы завершатся, этот продолжится.",
  "account.current": "Текущий пароль",
  "account.new": "Новый пароль",
  "account.newHint": "От 8 до 128 символов. Предложение лучше слова.",
  "account.wrong": "Текущий пароль неверен.",
  "account.passwordChanged": "Пароль изменён.",
} satisfies Translation<typeof en>;
