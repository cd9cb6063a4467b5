/** Ukrainian: migration. */
import type en from "../en/migration";
import type { Translation } from "../translation";

export default {
  "migration.title": "Перехід зі старого API",
  "migration.lead":
    "Старий API за адресою /rest замінює /v2. Дні вказано за UTC; викликів за останні кілька секунд може бракувати.",
  "migration.guide": "Посібник із переходу",
  "migration.docs": "Довідник API",
  "migration.unused": "Ваші програми ніколи не викликали старий API.",
  "migration.unusedText": "Вам не потрібно нічого змінювати. Старий API закриється для вас {day}",
  "migration.moved": {
    one: "Ваші програми не викликають старий API вже {count} день.",
    few: "Ваші програми не викликають старий API вже {count} дні.",
    many: "Ваші програми не викликають старий API вже {count} днів.",
    other: "Ваші програми не викликають старий API вже {count} дня.",
  },
  "migration.movedText": "Перехід завершено. Старий API закриється для вас {day}, якщо викликів більше не буде.",
  "migration.calling": "Ваші програми досі викликають старий API.",
  "migration.callingText": "Останній виклик: {ago}. Старий API закриється для вас {day}, якщо викликів більше не буде.",
  "migration.closed": "Старий API закрито для вас із {day}",
  "migration.closedText": "На кожен виклик /rest надходить відповідь 410.",
  "migration.rule":
    "Старий API закривається для вас після оголошеної дати, коли ваші програми не викликали його 30 днів.",
  "migration.dates": "Дати",
  "migration.deprecatedAt": "Визнання застарілим",
  "migration.sunsetAt": "Оголошене закриття",
  "migration.closesAt": "Закриття для вас",
  "migration.closedAt": "Закрито для вас",
  "migration.operations": "Операції старого API",
  "migration.operation": "Стара операція",
  "migration.replacement": "Заміна",
  "migration.change": "Що змінити",
  "migration.calls": "Виклики за 90 днів",
  "migration.still": "Досі викликається",
  "migration.none": "Викликів не було",
  "migration.last": "Останній день: {day}; найбільше за день: {count}",
  "migration.empty": "Викликів старого API не було",
  "migration.emptyText": "Тут були б виклики /rest та операції, які їх замінюють.",
} satisfies Translation<typeof en>;
