/** Ukrainian: account. */
import type en from "../en/account";
import type { Translation } from "../translation";

export default {
  "account.switchTo": "Перейти",
  "account.here": "Ви тут",
  "account.workplaces": "Місця роботи",
  "account.sessions": "Сеанси",
  "account.sessionsText": "Сеанс завершується, коли ви виходите, або після 30 днів без користування.",
  "account.lastUsed": "Останнє користування",
  "account.endsAt": "Завершується",
  "account.signOutAll": "Вийти всюди",
  "account.signOutAllTitle": "Вийти всюди?",
  "account.signOutAllText": "Усі ваші сеанси завершаться негайно, на кожному пристрої, і на цьому теж.",
} satisfies Translation<typeof en>;
