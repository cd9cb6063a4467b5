/** Czech: closing and reopening the sale. */
import type en from "../en/sale";
import type { Translation } from "../translation";

export default {
  "departure.closeTitle": "Uzavřít prodej na tento spoj?",
  "departure.closeText":
    "Od této chvíle na něj nikdo jízdenku nekoupí. Prodané jízdenky platí dál a lze je ještě zaplatit.",
  "departure.reopenTitle": "Znovu otevřít prodej na tento spoj?",
  "departure.reopenText": "Partneři jej hned zase najdou.",
  "departure.reason": "Důvod",
  "departure.reasonHint": "Nepovinný. Zůstane v historii.",
  "departure.history": "Historie prodeje",
  "departure.closed": "Uzavřen",
  "departure.reopened": "Znovu otevřen",
  "departure.you": "vy",
  "departure.colleague": "váš kolega",
} satisfies Translation<typeof en>;
