/** Russian: migration. */
import type en from "../en/migration";
import type { Translation } from "../translation";

export default {
  "migration.title": "Переход со старого API",
  "migration.lead":
    "/v2 заменяет старый API по адресу /rest. Дни указаны по UTC; вызовов за последние несколько секунд может не хватать.",
  "migration.guide": "Руководство по переходу",
  "migration.docs": "Справочник API",
  "migration.unused": "Ваши программы никогда не вызывали старый API.",
  "migration.unusedText": "Ничего менять не нужно. Старый API закроется для вас {day}",
  "migration.moved": {
    one: "Ваши программы не вызывают старый API уже {count} день.",
    few: "Ваши программы не вызывают старый API уже {count} дня.",
    many: "Ваши программы не вызывают старый API уже {count} дней.",
    other: "Ваши программы не вызывают старый API уже {count} дня.",
  },
  "migration.movedText": "Переход завершён. Старый API закроется для вас {day}, если вызовов больше не будет.",
  "migration.calling": "Ваши программы всё ещё вызывают старый API.",
  "migration.callingText": "Последний вызов: {ago}. Старый API закроется для вас {day}, если вызовов больше не будет.",
  "migration.closed": "Старый API закрыт для вас с {day}",
  "migration.closedText": "На каждый вызов /rest приходит ответ 410.",
  "migration.rule":
    "Старый API закрывается для вас после объявленной даты, когда ваши программы не вызывали его 30 дней.",
  "migration.dates": "Даты",
  "migration.deprecatedAt": "Признание устаревшим",
  "migration.sunsetAt": "Объявленное закрытие",
  "migration.closesAt": "Закрытие для вас",
  "migration.closedAt": "Закрыт для вас",
  "migration.operations": "Операции старого API",
  "migration.operation": "Старая операция",
  "migration.replacement": "Замена",
  "migration.change": "Что изменить",
  "migration.calls": "Вызовы за 90 дней",
  "migration.still": "Ещё вызывается",
  "migration.none": "Вызовов не было",
  "migration.last": "Последний день: {day}; больше всего за день: {count}",
  "migration.empty": "Вызовов старого API не было",
  "migration.emptyText": "Здесь были бы вызовы /rest и операции, которые их заменяют.",
} satisfies Translation<typeof en>;
