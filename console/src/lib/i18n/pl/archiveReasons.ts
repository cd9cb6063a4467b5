/** Polish: reasons about a whole archive or one of its files. */
import type en from "../en/archiveReasons";
import type { Translation } from "../translation";

export default {
  "reason.FILE_MISSING": "brak pliku {file}",
  "reason.FILE_EMPTY": "plik {file} jest pusty",
  "reason.CALENDAR_MISSING": "brak zarówno calendar.txt, jak i calendar_dates.txt",
  "reason.COLUMN_MISSING": "brak kolumny {column}",
  "reason.HEADER_MISSING": "brak wiersza nagłówków",
  "reason.UTF_16": "kodowanie inne niż UTF-8, wygląda na UTF-16; zapisz plik w UTF-8",
  "reason.NUL_BYTES": "kodowanie inne niż UTF-8: są bajty zerowe, jak w UTF-16 lub pliku binarnym; zapisz plik w UTF-8",
  "reason.SINGLE_BYTE_ENCODING":
    "kodowanie inne niż UTF-8, wygląda na jednobajtowe (Windows-125x, ISO 8859); zapisz plik w UTF-8",
  "reason.QUOTE_OPEN": "cudzysłów otwarty, ale niezamknięty",
  "reason.NOT_CSV": "to nie jest CSV: {error}",
  "reason.NO_AGENCY": "nie ma żadnego poprawnego przewoźnika",
  "reason.NO_TRIP": "nie ma żadnego poprawnego kursu",
  "reason.CALENDAR_EMPTY": "w kalendarzu nie ma dni kursowania, więc nie ma czego sprzedawać",
  "reason.CALENDAR_ENDED": "kalendarz skończył się {day}, więc nic nie jest w sprzedaży",
  "reason.FILES_UNREAD": "te pliki nie są czytane: {files}",
  "reason.INNER_ARCHIVE": "rozkład jest w archiwum {archive} wewnątrz archiwum",
  "reason.NO_CITIES": "na platformie nie ma jeszcze miast",
  "reason.NOT_AN_ARCHIVE": "tego pliku nie da się odczytać jako archiwum ZIP",
  "reason.TOO_MANY_ENTRIES": "w archiwum jest za dużo plików; najwyżej {most}",
  "reason.ENTRY_OUTSIDE": "„{entry}” wskazuje poza archiwum",
  "reason.ENTRY_LINK": "„{entry}” w archiwum jest dowiązaniem",
  "reason.ENTRY_ENCRYPTED": "„{entry}” w archiwum jest zaszyfrowany",
  "reason.NOT_A_FILE": "{file} jest dowiązaniem albo nie jest plikiem",
  "reason.ARCHIVE_TOO_LARGE": "rozpakowane archiwum ma więcej niż {most} MiB",
  "reason.SEVERAL_FEEDS": "agency.txt występuje dwa razy: w „{first}” i w „{second}”",
  "reason.SEVERAL_ARCHIVES": "w archiwum jest kilka archiwów: {archives}; rozpakuj je i prześlij właściwe",
  "reason.ARCHIVES_NESTED":
    "w archiwum jest archiwum „{archive}”, a w nim znowu archiwa; rozpakuj je i prześlij właściwe",
  "reason.OTHER_AGENCIES": "firma publikuje tylko własny rozkład, a ci przewoźnicy do niej nie należą: {agencies}",
  "reason.ON_SALE_ELSEWHERE": "podobny rozkład sprzedaje już inna firma: musi go zaimportować platforma",
  "reason.IN_SEVERAL_FEEDS": "rozkład firmy składa się z kilku zestawów: musi go zaimportować platforma",
  "reason.IN_SHARED_FEED":
    "rozkład firmy jest w jednym zestawie z rozkładami innych firm: musi go zaimportować platforma",
  "reason.NO_FORMER": "nie ma poprzedniego rozkładu do przywrócenia",
  "reason.NOTHING_PUBLISHED": "nic nie jest opublikowane",
  "reason.CHANGED_BY_PLATFORM": "po publikacji platforma zmieniła rozkład",
  "reason.CHANGED_SINCE_CHECK": "opublikowany rozkład zmienił się od sprawdzenia tego: sprawdź go ponownie",
  "reason.STORE_FAILED": "magazyn plików nie działa",
  "reason.ARCHIVE_GONE": "archiwum już nie ma",
  "reason.NOT_PROCESSED": "nie udało się przetworzyć rozkładu",
  "reason.WORKER_ENDED": "nie udało się przetworzyć rozkładu: pracujący nad nim proces wciąż się przerywał",
  "reason.JOB_CANCELED": "operator platformy anulował przetwarzanie rozkładu",
} satisfies Translation<typeof en>;
