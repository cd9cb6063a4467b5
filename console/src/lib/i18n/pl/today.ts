/** Polish: today. */
import type en from "../en/today";
import type { Translation } from "../translation";

export default {
  "today.title": "Dzisiaj",
  "today.attention": "Wymaga Twojej uwagi",
  "today.calm": "Teraz wszystko w porządku.",
  "today.failed": {
    one: "{count} wiadomość niedostarczona",
    few: "{count} wiadomości niedostarczone",
    many: "{count} wiadomości niedostarczonych",
    other: "{count} wiadomości niedostarczonej",
  },
  "today.waiting": {
    one: "{count} zamówienie czeka na Ciebie",
    few: "{count} zamówienia czekają na Ciebie",
    many: "{count} zamówień czeka na Ciebie",
    other: "{count} zamówienia czeka na Ciebie",
  },
  "today.rejectedToday": {
    one: "{count} zamówienie na dziś odrzucone",
    few: "{count} zamówienia na dziś odrzucone",
    many: "{count} zamówień na dziś odrzuconych",
    other: "{count} zamówienia na dziś odrzuconego",
  },
  "today.rejectedTomorrow": {
    one: "{count} zamówienie na jutro odrzucone",
    few: "{count} zamówienia na jutro odrzucone",
    many: "{count} zamówień na jutro odrzuconych",
    other: "{count} zamówienia na jutro odrzuconego",
  },
  "today.silent": {
    one: "{count} autobus nie podaje pozycji",
    few: "{count} autobusy nie podają pozycji",
    many: "{count} autobusów nie podaje pozycji",
    other: "{count} autobusu nie podaje pozycji",
  },
  "today.schedules": {
    one: "{count} zaplanowany raport się nie udał",
    few: "{count} zaplanowane raporty się nie udały",
    many: "{count} zaplanowanych raportów się nie udało",
    other: "{count} zaplanowanego raportu się nie udało",
  },
  "today.reports": "Raporty w przygotowaniu",
  "today.soldOf": "Sprzedano {sold} z {seats}",
  "today.noneToday": "Dziś nie ma kursów",
  "today.noneTomorrow": "Jutro nie ma kursów",

  "messages.title": "Niedostarczone wiadomości",
  "messages.lead": "Do pasażerów przed odjazdem. Popraw adres i wyślij bilet ponownie lub zadzwoń.",
  "messages.departs": "Odjazd {at}.",
  "messages.again": "Wysłano ponownie",
  "messages.none": "Wszystkie wiadomości dostarczono",
  "messages.noneText": "Nikt nie czeka na wiadomość.",
} satisfies Translation<typeof en>;
