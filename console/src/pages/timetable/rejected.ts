/** Rejected rows as a CSV file for spreadsheets. */
import type { Schemas } from "../../lib/api/client";
import { language, t } from "../../lib/i18n/index.svelte";
import { save } from "../../lib/save";
import { preferred, written } from "../reports/dialect";
import { reasonText } from "./reason";

/** A cell as text: quoted, and never a formula, since a feed may contain anything. */
export function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** Lets the browser save the rows as a file. */
export const saveRows = (rows: Schemas["RejectedRows"]["rows"], name: string): void => save(csvOf(rows), name);

/** The rows of the report, with their reasons in the language of the page. */
export function csvOf(rows: Schemas["RejectedRows"]["rows"]): Blob {
  const { delimiter } = written(preferred(language()));
  const separator = delimiter === "tab" ? "\t" : (delimiter ?? ",");
  const table = [
    [t("timetable.file"), t("timetable.line"), t("timetable.reason")],
    ...rows.map(({ file, line, reason, clauses }) => [file, String(line), reasonText(clauses, reason).text]),
  ];
  const lines = table.map((cells) => `${cells.map(cell).join(separator)}\r\n`);
  // Spreadsheets recognise UTF-8 by this mark.
  return new Blob(["\uFEFF", ...lines], { type: "text/csv;charset=utf-8" });
}
