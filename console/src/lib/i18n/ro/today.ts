/** Romanian: today. */
import type en from "../en/today";
import type { Translation } from "../translation";

export default {
  "today.title": "Astăzi",
  "today.attention": "Necesită atenția dvs.",
  "today.calm": "Acum totul este în regulă.",
  "today.failed": {
    one: "{count} mesaj nelivrat",
    few: "{count} mesaje nelivrate",
    other: "{count} de mesaje nelivrate",
  },
  "today.waiting": {
    one: "{count} comandă vă așteaptă",
    few: "{count} comenzi vă așteaptă",
    other: "{count} de comenzi vă așteaptă",
  },
  "today.rejectedToday": {
    one: "{count} comandă pentru astăzi respinsă",
    few: "{count} comenzi pentru astăzi respinse",
    other: "{count} de comenzi pentru astăzi respinse",
  },
  "today.rejectedTomorrow": {
    one: "{count} comandă pentru mâine respinsă",
    few: "{count} comenzi pentru mâine respinse",
    other: "{count} de comenzi pentru mâine respinse",
  },
  "today.silent": {
    one: "{count} autobuz nu își comunică poziția",
    few: "{count} autobuze nu își comunică poziția",
    other: "{count} de autobuze nu își comunică poziția",
  },
  "today.schedules": {
    one: "{count} raport programat nu a reușit",
    few: "{count} rapoarte programate nu au reușit",
    other: "{count} de rapoarte programate nu au reușit",
  },
  "today.reports": "Rapoarte în pregătire",
  "today.soldOf": "Vândute {sold} din {seats}",
  "today.noneToday": "Astăzi nu sunt plecări",
  "today.noneTomorrow": "Mâine nu sunt plecări",

  "messages.title": "Mesaje nelivrate",
  "messages.lead": "Către pasagerii care nu au plecat încă. Corectați adresa și trimiteți din nou biletul sau sunați.",
  "messages.departs": "Îmbarcare {at}.",
  "messages.again": "Trimis din nou",
  "messages.none": "Toate mesajele sunt livrate",
  "messages.noneText": "Nimeni nu așteaptă un mesaj.",
} satisfies Translation<typeof en>;
