/** Czech: usage. */
import type en from "../en/usage";
import type { Translation } from "../translation";

export default {
  "usage.title": "Využití API",
  "usage.lead": "Součet za všechny vaše klíče, podle dní UTC. Posledních pár sekund může chybět.",
  "usage.docs": "Dokumentace API",
  "usage.period": "Období",
  "usage.days": { one: "{count} den", few: "{count} dny", many: "{count} dne", other: "{count} dní" },
  "usage.looks": "Hledání",
  "usage.bookings": "Rezervace",
  "usage.lookToBook": "Hledání na jednu rezervaci",
  "usage.paid": "Zaplacené jízdenky",
  "usage.booked": "Jízdenky placené při nástupu",
  "usage.canceled": "Zrušené jízdenky",
  "usage.requests": "Požadavky",
  "usage.limited": "Odmítnuté (limit)",
  "usage.chart": "Hledání a rezervace podle dní",
  "usage.most": "Nejvíce za den: {count}",
  "usage.table": "Údaje podle dní",
  "usage.day": "Den",
  "usage.sum": "Celkem",
  "usage.empty": "V tomto období nebyly žádné požadavky",
  "usage.emptyText": "Údaje se objeví s prvním požadavkem některého z vašich klíčů.",
  "usage.limits": "Limity požadavků",
  "usage.limitsText": "Jsou společné pro všechny vaše klíče. Požadavek nad limit dostane odpověď 429.",
  "usage.limit": "{quota} za {seconds} s",
  "class.catalogue": "Města a zastávky",
  "class.search": "Hledání",
  "class.read": "Čtení rezervací",
  "class.write": "Změny rezervací",
  "usage.old": "Staré API",
  "usage.oldText":
    "Volání /rest, jejich náhrady a den, kdy se pro vás staré API uzavře, zjistí program dotazem s některým z vašich klíčů:",
  "usage.guide": "Průvodce přechodem",
} satisfies Translation<typeof en>;
