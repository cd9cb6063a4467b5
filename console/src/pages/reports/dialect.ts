/** The CSV dialect of a report: as the spreadsheets of a country expect it, or as programs do. The choice is stored. */
import type { Body } from "../../lib/api/client";
import type { Language } from "../../lib/i18n/index.svelte";

export type Dialect = "comma" | "semicolon" | "tab";
export const DIALECTS = ["semicolon", "comma", "tab"] as const satisfies readonly Dialect[];

type Written = Required<Pick<Body<"createOrdersReport">, "delimiter" | "decimal">>;

const WRITTEN: Record<Dialect, Written> = {
  semicolon: { delimiter: ";", decimal: "," },
  comma: { delimiter: ",", decimal: "." },
  tab: { delimiter: "tab", decimal: "," },
};

const STORED = "dialect";

export const written = (dialect: Dialect): Written => WRITTEN[dialect];

/** The dialect that was last chosen, else that of the language: only English has a decimal point. */
export function preferred(language: Language): Dialect {
  const stored = localStorage.getItem(STORED);
  return DIALECTS.find((dialect) => dialect === stored) ?? (language === "en" ? "comma" : "semicolon");
}

export function remember(dialect: Dialect): void {
  localStorage.setItem(STORED, dialect);
}
