/** Romanian: departure. */
import type en from "../en/departure";
import type { Translation } from "../translation";

export default {
  "departure.title": "Plecare",
  "departure.manifest": "Lista pasagerilor",
  "departure.onMap": "Autobuzul pe hartă",
  "departure.position": "Poziție {ago}",
  "departure.paid": "Plătite",
  "departure.due": "Plată la îmbarcare",
  "departure.numbers": "Bilete",

  "departure.stops": "Stații și grad de ocupare",
  "departure.stopsHint": "Alegeți un segment pentru a-i vedea locurile.",
  "departure.boards": { one: "Urcă: {count}", few: "Urcă: {count}", other: "Urcă: {count}" },
  "departure.alights": { one: "Coboară: {count}", few: "Coboară: {count}", other: "Coboară: {count}" },
  "departure.seats": "Locuri",
  "departure.seatsHint": "Câte patru pe rând, după număr: platforma nu cunoaște așezarea locurilor din acest autobuz.",
  "seat.free": "Liber",
  "seat.paid": "Plătit",
  "seat.board": "Plată la îmbarcare",
  "seat.open": "Neplătit",
  "seat.elsewhere": "Liber aici, vândut pe alt segment",
  "seat.number": "Locul {seat}",

  "departure.passengers": { one: "{count} pasager", few: "{count} pasageri", other: "{count} de pasageri" },
  "departure.who": "Pasageri",
  "departure.nobody": "Încă nu călătorește nimeni",
  "departure.nobodyText": "Pasagerii apar aici odată cu prima comandă.",

  "departure.close": "Închide vânzarea",
  "departure.reopen": "Redeschide vânzarea",
  "departure.closeDone": "Vânzarea este închisă.",
  "departure.reopenDone": "Vânzarea este din nou deschisă.",

  "manifest.pay": "De plată {sum}",
} satisfies Translation<typeof en>;
