/** Romanian: order. */
import type en from "../en/order";
import type { Translation } from "../translation";

export default {
  "order.title": "Comandă",

  "history.title": "Istoric",
  "history.created": "Creată",
  "history.paid": "Plătită",
  "history.booked": "Rezervată, plată la îmbarcare",
  "history.canceled": "Anulată",
  "history.uncompleted": "Expirată fără plată",
  "history.confirmed": "Confirmată",
  "history.rejected": "Respinsă",
  "history.prepaid": "Avans înregistrat",
  "history.moved": "Mutată",
  "history.resent": "Bilet trimis din nou",
  "history.system": "de platformă",
  "history.you": "de dvs.",
  "history.partner": "de partener",
  "history.colleague": "de un coleg",

  "decide.confirm": "Confirmă",
  "decide.reject": "Respinge",
  "decide.prepaid": "Avans",
  "decide.move": "Mută",
  "decided.confirm": "Comanda este confirmată.",
  "decided.reject": "Comanda este respinsă.",
  "decided.prepaid": "Avansul este înregistrat.",
  "decided.move": "Comanda este mutată.",

  "decide.cancel": "Anulează comanda",
  "decide.resend": "Trimite biletul din nou",
  "decided.cancel": "Comanda este anulată.",
  "decided.resend": "Biletul este trimis din nou.",

  "delivery.title": "Mesaje către pasager",
  "delivery.none": "Încă niciun mesaj.",
  "delivery.Pending": "Se trimite",
  "delivery.Sent": "Trimis",
  "delivery.Failed": "Nelivrat",
  "delivery.NotSent": "Netrimis",
  "delivery.Email": "E-mail",
  "delivery.Viber": "Viber",
  "delivery.refused": "Adresa sau numărul a fost refuzat: este corect?",
  "delivery.busy": "Serviciul era indisponibil sau ocupat.",
  "delivery.setup": "Serviciul nu primește acum mesaje de la platformă.",
  "delivery.unsent": "Mesajul nu a putut fi trimis.",
  "delivery.noEmail": "Pasagerul nu are adresă de e-mail.",
  "delivery.noViber": "Niciun număr al pasagerului nu are Viber.",
  "delivery.unreached": "Pasagerul nu putea fi contactat astfel atunci.",
  "delivery.again": "Urmează o nouă încercare.",
} satisfies Translation<typeof en>;
