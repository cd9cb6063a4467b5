/** Czech: timetable. */
import type en from "../en/timetable";
import type { Translation } from "../translation";

export default {
  "timetable.title": "Jízdní řád",
  "timetable.lead": "Nahrajte jízdní řád ve formátu GTFS, podívejte se, co se změní, a zveřejněte ho.",
  "timetable.send": "Nahrát jízdní řád",
  "timetable.drop": "Přetáhněte sem soubor GTFS",
  "timetable.choose": "Vybrat soubor",
  "timetable.hint": "Archiv ZIP do 256 MB. Nejdřív se jen zkontroluje: nic se nezmění, dokud jízdní řád nezveřejníte.",
  "timetable.stop": "Přerušit odesílání",

  "timetable.uploads": "Nahrané jízdní řády",
  "timetable.none": "Zatím nebylo nic nahráno",
  "timetable.noneText": "Váš jízdní řád možná importovala platforma. První nahraný soubor se s ním porovná.",
  "timetable.kind.Upload": "Nahraný jízdní řád",
  "timetable.kind.Undo": "Předchozí jízdní řád",
  "timetable.of.Upload": "Jízdní řád z {moment}",
  "timetable.of.Undo": "Vrácení z {moment}",
  "timetable.current": "Poslední zveřejnění",
  "timetable.status.Checking": "Kontroluje se",
  "timetable.status.Ready": "Lze zveřejnit",
  "timetable.status.Refused": "Odmítnuto",
  "timetable.status.Publishing": "Zveřejňuje se",
  "timetable.status.Published": "Zveřejněno",
  "timetable.status.Failed": "Nepodařilo se",
  "timetable.phase.Waiting": "Čeká, až přijde na řadu",
  "timetable.phase.Reading": "Čtou se soubory",
  "timetable.phase.Comparing": "Porovnává se se zveřejněným jízdním řádem",
  "timetable.phase.Writing": "Zapisují se změny",
  "timetable.phase.Tickets": "Aktualizují se prodané jízdenky",
  "timetable.phase.Done": "Hotovo",

  "timetable.undo": "Vrátit zveřejnění",
} satisfies Translation<typeof en>;
