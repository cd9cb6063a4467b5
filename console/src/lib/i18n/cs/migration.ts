/** Czech: migration. */
import type en from "../en/migration";
import type { Translation } from "../translation";

export default {
  "migration.title": "Přechod ze starého API",
  "migration.lead":
    "/v2 nahrazuje staré API na adrese /rest. Dny jsou v UTC; volání z posledních pár sekund mohou chybět.",
  "migration.guide": "Průvodce přechodem",
  "migration.docs": "Dokumentace API",
  "migration.unused": "Vaše programy staré API nikdy nevolaly.",
  "migration.unusedText": "Nemusíte nic měnit. Staré API se pro vás uzavře {day}.",
  "migration.moved": {
    one: "Vaše programy nevolaly staré API už {count} den.",
    few: "Vaše programy nevolaly staré API už {count} dny.",
    many: "Vaše programy nevolaly staré API už {count} dne.",
    other: "Vaše programy nevolaly staré API už {count} dní.",
  },
  "migration.movedText": "Přechod je hotový. Staré API se pro vás uzavře {day}, pokud ho už nezavoláte.",
  "migration.calling": "Vaše programy staré API stále volají.",
  "migration.callingText": "Poslední volání: {ago}. Staré API se pro vás uzavře {day}, pokud ho už nezavoláte.",
  "migration.closed": "Staré API je pro vás uzavřeno od {day}.",
  "migration.closedText": "Na každé volání /rest přijde odpověď 410.",
  "migration.rule": "Staré API se pro vás uzavře po oznámeném konci, jakmile ho vaše programy 30 dní nevolaly.",
  "migration.dates": "Termíny",
  "migration.deprecatedAt": "Označení za zastaralé",
  "migration.sunsetAt": "Oznámený konec",
  "migration.closesAt": "Uzavření pro vás",
  "migration.closedAt": "Uzavřeno pro vás",
  "migration.operations": "Operace starého API",
  "migration.operation": "Stará operace",
  "migration.replacement": "Náhrada",
  "migration.change": "Co změnit",
  "migration.calls": "Volání za 90 dní",
  "migration.still": "Stále volaná",
  "migration.none": "Žádná volání",
  "migration.last": "Naposledy {day}, nejvíc za den: {count}",
  "migration.empty": "Žádná volání starého API",
  "migration.emptyText": "Zde by byla volání /rest a operace, které je nahrazují.",
} satisfies Translation<typeof en>;
