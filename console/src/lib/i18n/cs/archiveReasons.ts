/** Czech: reasons about a whole archive or one of its files. */
import type en from "../en/archiveReasons";
import type { Translation } from "../translation";

export default {
  "reason.FILE_MISSING": "chybí soubor {file}",
  "reason.FILE_EMPTY": "soubor {file} je prázdný",
  "reason.CALENDAR_MISSING": "chybí calendar.txt i calendar_dates.txt",
  "reason.COLUMN_MISSING": "chybí sloupec {column}",
  "reason.HEADER_MISSING": "chybí řádek záhlaví",
  "reason.UTF_16": "kódování není UTF-8, vypadá jako UTF-16; uložte soubor v UTF-8",
  "reason.NUL_BYTES":
    "kódování není UTF-8: jsou tu nulové bajty jako v UTF-16 nebo binárním souboru; uložte soubor v UTF-8",
  "reason.SINGLE_BYTE_ENCODING":
    "kódování není UTF-8, vypadá jako jednobajtové (Windows-125x, ISO 8859); uložte soubor v UTF-8",
  "reason.QUOTE_OPEN": "uvozovky jsou otevřené, ale ne uzavřené",
  "reason.NOT_CSV": "toto není CSV: {error}",
  "reason.NO_AGENCY": "není tu žádný použitelný dopravce",
  "reason.NO_TRIP": "není tu žádný použitelný spoj",
  "reason.CALENDAR_EMPTY": "kalendář nemá žádné dny provozu, takže není co prodávat",
  "reason.CALENDAR_ENDED": "kalendář skončil {day}, takže v prodeji nic není",
  "reason.FILES_UNREAD": "tyto soubory se nečtou: {files}",
  "reason.INNER_ARCHIVE": "jízdní řád je v archivu {archive} uvnitř archivu",
  "reason.NO_CITIES": "na platformě zatím nejsou města",
  "reason.NOT_AN_ARCHIVE": "soubor nelze přečíst jako archiv ZIP",
  "reason.TOO_MANY_ENTRIES": "v archivu je příliš mnoho souborů; nejvýše {most}",
  "reason.ENTRY_OUTSIDE": "„{entry}“ ukazuje mimo archiv",
  "reason.ENTRY_LINK": "„{entry}“ v archivu je odkaz",
  "reason.ENTRY_ENCRYPTED": "„{entry}“ v archivu je zašifrovaný",
  "reason.NOT_A_FILE": "{file} je odkaz nebo to není soubor",
  "reason.ARCHIVE_TOO_LARGE": "rozbalený archiv je větší než {most} MiB",
  "reason.SEVERAL_FEEDS": "agency.txt je tu dvakrát: v „{first}“ a v „{second}“",
  "reason.SEVERAL_ARCHIVES": "v archivu je několik archivů: {archives}; rozbalte ho a nahrajte ten správný",
  "reason.ARCHIVES_NESTED": "v archivu je archiv „{archive}“ a v něm další archivy; rozbalte ho a nahrajte ten správný",
  "reason.OTHER_AGENCIES": "společnost zveřejňuje jen vlastní jízdní řád a tito dopravci k ní nepatří: {agencies}",
  "reason.ON_SALE_ELSEWHERE": "podobný jízdní řád už prodává jiná společnost: musí ho importovat platforma",
  "reason.IN_SEVERAL_FEEDS": "jízdní řád společnosti je v několika sadách: musí ho importovat platforma",
  "reason.IN_SHARED_FEED":
    "jízdní řád společnosti je v jedné sadě s řády jiných společností: musí ho importovat platforma",
  "reason.NO_FORMER": "není tu předchozí jízdní řád, který by šel vrátit",
  "reason.NOTHING_PUBLISHED": "nic není zveřejněno",
  "reason.CHANGED_BY_PLATFORM": "platforma jízdní řád po zveřejnění změnila",
  "reason.CHANGED_SINCE_CHECK": "zveřejněný jízdní řád se od kontroly tohoto změnil: zkontrolujte ho znovu",
  "reason.STORE_FAILED": "úložiště souborů nefunguje",
  "reason.ARCHIVE_GONE": "archiv už neexistuje",
  "reason.NOT_PROCESSED": "jízdní řád se nepodařilo zpracovat",
  "reason.WORKER_ENDED":
    "jízdní řád se nepodařilo zpracovat: proces, který na něm pracoval, se znovu a znovu přerušoval",
  "reason.JOB_CANCELED": "operátor platformy zrušil zpracování jízdního řádu",
} satisfies Translation<typeof en>;
