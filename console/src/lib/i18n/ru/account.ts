/** Russian: account. */
import type en from "../en/account";
import type { Translation } from "../translation";

export default {
  "account.switchTo": "Перейти",
  "account.here": "Вы здесь",
  "account.workplaces": "Места работы",
  "account.sessions": "Сеансы",
  "account.sessionsText": "Сеанс завершается, когда вы выходите, или после 30 дней без использования.",
  "account.lastUsed": "Последнее использование",
  "account.endsAt": "Завершается",
  "account.signOutAll": "Выйти везде",
  "account.signOutAllTitle": "Выйти везде?",
  "account.signOutAllText": "Все ваши сеансы завершатся сразу, на каждом устройстве, и на этом тоже.",
} satisfies Translation<typeof en>;
