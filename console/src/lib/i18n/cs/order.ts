/** Czech: order. */
import type en from "../en/order";
import type { Translation } from "../translation";

export default {
  "order.title": "Objednávka",

  "history.title": "Historie",
  "history.created": "Vytvořeno",
  "history.paid": "Zaplaceno",
  "history.booked": "Rezervováno, platba při nástupu",
  "history.canceled": "Zrušeno",
  "history.uncompleted": "Vypršelo bez platby",
  "history.confirmed": "Potvrzeno",
  "history.rejected": "Odmítnuto",
  "history.prepaid": "Zapsána záloha",
  "history.moved": "Přesunuto",
  "history.resent": "Jízdenka odeslána znovu",
  "history.system": "platforma",
  "history.you": "vy",
  "history.partner": "partner",
  "history.colleague": "někdo z firmy",

  "decide.confirm": "Potvrdit",
  "decide.reject": "Odmítnout",
  "decide.prepaid": "Záloha",
  "decide.move": "Přesunout",
  "decided.confirm": "Objednávka je potvrzena.",
  "decided.reject": "Objednávka je odmítnuta.",
  "decided.prepaid": "Záloha je zapsána.",
  "decided.move": "Objednávka je přesunuta.",

  "decide.cancel": "Zrušit objednávku",
  "decide.resend": "Poslat jízdenku znovu",
  "decided.cancel": "Objednávka je zrušena.",
  "decided.resend": "Jízdenka se posílá znovu.",

  "delivery.title": "Zprávy cestujícímu",
  "delivery.none": "Zatím žádná zpráva.",
  "delivery.Pending": "Odesílá se",
  "delivery.Sent": "Odesláno",
  "delivery.Failed": "Nedoručeno",
  "delivery.NotSent": "Neodesláno",
  "delivery.Email": "E-mail",
  "delivery.Viber": "Viber",
  "delivery.refused": "Adresa nebo číslo byly odmítnuty: jsou správné?",
  "delivery.busy": "Služba byla nedostupná nebo zaneprázdněná.",
  "delivery.setup": "Služba teď od platformy nepřijímá zprávy.",
  "delivery.unsent": "Zprávu se nepodařilo odeslat.",
  "delivery.noEmail": "Cestující nemá e-mail.",
  "delivery.noViber": "Žádné číslo cestujícího nemá Viber.",
  "delivery.unreached": "Cestujícího tehdy takto nebylo možné zastihnout.",
  "delivery.again": "Bude další pokus.",
} satisfies Translation<typeof en>;
