/** Polish: order. */
import type en from "../en/order";
import type { Translation } from "../translation";

export default {
  "order.title": "Zamówienie",

  "history.title": "Historia",
  "history.created": "Utworzono",
  "history.paid": "Opłacono",
  "history.booked": "Zarezerwowano, płatność przy wsiadaniu",
  "history.canceled": "Anulowano",
  "history.uncompleted": "Wygasło bez płatności",
  "history.confirmed": "Potwierdzono",
  "history.rejected": "Odrzucono",
  "history.prepaid": "Zapisano przedpłatę",
  "history.moved": "Przeniesiono",
  "history.resent": "Bilet wysłano ponownie",
  "history.system": "platforma",
  "history.you": "Ty",
  "history.partner": "partner",
  "history.colleague": "ktoś z firmy",

  "decide.confirm": "Potwierdź",
  "decide.reject": "Odrzuć",
  "decide.prepaid": "Przedpłata",
  "decide.move": "Przenieś",
  "decided.confirm": "Zamówienie potwierdzone.",
  "decided.reject": "Zamówienie odrzucone.",
  "decided.prepaid": "Przedpłata zapisana.",
  "decided.move": "Zamówienie przeniesione.",

  "decide.cancel": "Anuluj zamówienie",
  "decide.resend": "Wyślij bilet ponownie",
  "decided.cancel": "Zamówienie anulowano.",
  "decided.resend": "Bilet jest wysyłany ponownie.",

  "delivery.title": "Wiadomości do pasażera",
  "delivery.none": "Nie ma jeszcze wiadomości.",
  "delivery.Pending": "Wysyłanie",
  "delivery.Sent": "Wysłano",
  "delivery.Failed": "Nie dostarczono",
  "delivery.NotSent": "Nie wysłano",
  "delivery.Email": "E-mail",
  "delivery.Viber": "Viber",
  "delivery.refused": "Adres lub numer został odrzucony: czy jest poprawny?",
  "delivery.busy": "Usługa była niedostępna lub zajęta.",
  "delivery.setup": "Usługa nie przyjmuje teraz wiadomości od platformy.",
  "delivery.unsent": "Wiadomości nie udało się wysłać.",
  "delivery.noEmail": "Pasażer nie podał adresu e-mail.",
  "delivery.noViber": "Żaden numer pasażera nie ma Vibera.",
  "delivery.unreached": "Pasażera nie można było wtedy tak powiadomić.",
  "delivery.again": "Będzie kolejna próba.",
} satisfies Translation<typeof en>;
