/** Ukrainian: reasons about a whole archive or one of its files. */
import type en from "../en/archiveReasons";
import type { Translation } from "../translation";

export default {
  "reason.FILE_MISSING": "немає файлу {file}",
  "reason.FILE_EMPTY": "файл {file} порожній",
  "reason.CALENDAR_MISSING": "немає ні calendar.txt, ні calendar_dates.txt",
  "reason.COLUMN_MISSING": "немає стовпця {column}",
  "reason.HEADER_MISSING": "немає рядка заголовків",
  "reason.UTF_16": "кодування не UTF-8, схоже на UTF-16; збережіть файл у UTF-8",
  "reason.NUL_BYTES": "кодування не UTF-8: є нульові байти, як в UTF-16 або двійковому файлі; збережіть файл у UTF-8",
  "reason.SINGLE_BYTE_ENCODING":
    "кодування не UTF-8, схоже на однобайтове (Windows-125x, ISO 8859); збережіть файл у UTF-8",
  "reason.QUOTE_OPEN": "лапки відкрито, але не закрито",
  "reason.NOT_CSV": "це не CSV: {error}",
  "reason.NO_AGENCY": "немає жодного придатного перевізника",
  "reason.NO_TRIP": "немає жодного придатного рейсу",
  "reason.CALENDAR_EMPTY": "у календарі немає днів руху, тож продавати нічого",
  "reason.CALENDAR_ENDED": "календар закінчився {day}, тож у продажу нічого немає",
  "reason.FILES_UNREAD": "ці файли не читаються: {files}",
  "reason.INNER_ARCHIVE": "розклад лежить в архіві {archive} всередині архіву",
  "reason.NO_CITIES": "на платформі ще немає міст",
  "reason.NOT_AN_ARCHIVE": "це не читається як ZIP-архів",
  "reason.TOO_MANY_ENTRIES": "в архіві забагато файлів; найбільше {most}",
  "reason.ENTRY_OUTSIDE": "«{entry}» вказує за межі архіву",
  "reason.ENTRY_LINK": "«{entry}» в архіві є посиланням",
  "reason.ENTRY_ENCRYPTED": "«{entry}» в архіві захищено паролем",
  "reason.NOT_A_FILE": "{file} є посиланням або не є файлом",
  "reason.ARCHIVE_TOO_LARGE": "розпакований архів більший за {most} МіБ",
  "reason.SEVERAL_FEEDS": "agency.txt є двічі: у «{first}» і в «{second}»",
  "reason.SEVERAL_ARCHIVES": "в архіві кілька архівів: {archives}; розпакуйте його й завантажте потрібний",
  "reason.ARCHIVES_NESTED":
    "в архіві лежить архів «{archive}», а в ньому знову архіви; розпакуйте його й завантажте потрібний",
  "reason.OTHER_AGENCIES": "компанія публікує лише власний розклад, а ці перевізники не її: {agencies}",
  "reason.ON_SALE_ELSEWHERE": "схожий розклад уже продає інша компанія: його має імпортувати платформа",
  "reason.IN_SEVERAL_FEEDS": "розклад компанії складається з кількох наборів: його має імпортувати платформа",
  "reason.IN_SHARED_FEED":
    "розклад компанії лежить в одному наборі з розкладами інших компаній: його має імпортувати платформа",
  "reason.NO_FORMER": "немає попереднього розкладу, який можна повернути",
  "reason.NOTHING_PUBLISHED": "нічого не опубліковано",
  "reason.CHANGED_BY_PLATFORM": "після публікації платформа змінила розклад",
  "reason.CHANGED_SINCE_CHECK": "опублікований розклад змінився після перевірки цього: перевірте його ще раз",
  "reason.STORE_FAILED": "не працює сховище файлів",
  "reason.ARCHIVE_GONE": "архіву вже немає",
  "reason.NOT_PROCESSED": "розклад не вдалося обробити",
  "reason.WORKER_ENDED": "розклад не вдалося обробити: процес, який над ним працював, переривався знову й знову",
  "reason.JOB_CANCELED": "оператор платформи скасував обробку розкладу",
} satisfies Translation<typeof en>;
