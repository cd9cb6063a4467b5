/** Romanian: reasons about a whole archive or one of its files. */
import type en from "../en/archiveReasons";
import type { Translation } from "../translation";

export default {
  "reason.FILE_MISSING": "lipsește fișierul {file}",
  "reason.FILE_EMPTY": "fișierul {file} este gol",
  "reason.CALENDAR_MISSING": "lipsesc atât calendar.txt, cât și calendar_dates.txt",
  "reason.COLUMN_MISSING": "lipsește coloana {column}",
  "reason.HEADER_MISSING": "lipsește rândul de antet",
  "reason.UTF_16": "codarea nu este UTF-8, pare UTF-16; salvați fișierul în UTF-8",
  "reason.NUL_BYTES":
    "codarea nu este UTF-8: există octeți nuli, ca în UTF-16 sau într-un fișier binar; salvați fișierul în UTF-8",
  "reason.SINGLE_BYTE_ENCODING":
    "codarea nu este UTF-8, pare una pe un octet (Windows-125x, ISO 8859); salvați fișierul în UTF-8",
  "reason.QUOTE_OPEN": "ghilimelele sunt deschise, dar nu și închise",
  "reason.NOT_CSV": "nu este CSV: {error}",
  "reason.NO_AGENCY": "nu există niciun transportator utilizabil",
  "reason.NO_TRIP": "nu există nicio cursă utilizabilă",
  "reason.CALENDAR_EMPTY": "calendarul nu are zile de circulație, deci nu este nimic de vândut",
  "reason.CALENDAR_ENDED": "calendarul s-a încheiat la {day}, deci nimic nu este la vânzare",
  "reason.FILES_UNREAD": "aceste fișiere nu se citesc: {files}",
  "reason.INNER_ARCHIVE": "orarul este în arhiva {archive} din interiorul arhivei",
  "reason.NO_CITIES": "platforma nu are încă orașe",
  "reason.NOT_AN_ARCHIVE": "fișierul nu poate fi citit ca arhivă ZIP",
  "reason.TOO_MANY_ENTRIES": "arhiva are prea multe fișiere; cel mult {most}",
  "reason.ENTRY_OUTSIDE": "„{entry}” indică în afara arhivei",
  "reason.ENTRY_LINK": "„{entry}” din arhivă este o legătură",
  "reason.ENTRY_ENCRYPTED": "„{entry}” din arhivă este criptat",
  "reason.NOT_A_FILE": "{file} este o legătură sau nu este un fișier",
  "reason.ARCHIVE_TOO_LARGE": "arhiva dezarhivată depășește {most} MiB",
  "reason.SEVERAL_FEEDS": "agency.txt există de două ori: în „{first}” și în „{second}”",
  "reason.SEVERAL_ARCHIVES":
    "arhiva conține mai multe arhive: {archives}; dezarhivați-o și încărcați-o pe cea potrivită",
  "reason.ARCHIVES_NESTED":
    "arhiva conține arhiva „{archive}”, care conține la rândul ei arhive; dezarhivați-o și încărcați-o pe cea potrivită",
  "reason.OTHER_AGENCIES": "o companie publică doar propriul orar, iar acești transportatori nu sunt ai ei: {agencies}",
  "reason.ON_SALE_ELSEWHERE": "un orar asemănător este deja vândut de altă companie: trebuie importat de platformă",
  "reason.IN_SEVERAL_FEEDS": "orarul companiei este în mai multe seturi: trebuie importat de platformă",
  "reason.IN_SHARED_FEED": "orarul companiei este într-un set cu orarele altor companii: trebuie importat de platformă",
  "reason.NO_FORMER": "nu există un orar anterior la care să se revină",
  "reason.NOTHING_PUBLISHED": "nimic nu este publicat",
  "reason.CHANGED_BY_PLATFORM": "platforma a modificat orarul după publicare",
  "reason.CHANGED_SINCE_CHECK": "orarul publicat s-a schimbat de la verificarea acestuia: verificați-l din nou",
  "reason.STORE_FAILED": "stocarea de fișiere nu funcționează",
  "reason.ARCHIVE_GONE": "arhiva nu mai există",
  "reason.NOT_PROCESSED": "orarul nu a putut fi procesat",
  "reason.WORKER_ENDED": "orarul nu a putut fi procesat: procesul care lucra la el s-a întrerupt de mai multe ori",
  "reason.JOB_CANCELED": "un operator al platformei a anulat procesarea orarului",
} satisfies Translation<typeof en>;
