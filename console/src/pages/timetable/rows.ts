/** Names of the kinds of rows that a report counts. */
import { t } from "../../lib/i18n/index.svelte";

const KINDS = ["companies", "carriers", "buses", "stops", "routes", "services", "trips", "stop times", "fares"] as const;

const isKnown = (kind: string): kind is (typeof KINDS)[number] => (KINDS as readonly string[]).includes(kind);

/** The name of a kind; one that the console does not know keeps the API's name. */
export const nameOfRows = (kind: string): string => (isKnown(kind) ? t(`timetable.rows.${kind}`) : kind);
