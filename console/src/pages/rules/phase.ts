/** Whether a discount applies on a day. */

export type Phase = "active" | "coming" | "ended";

/** The days are `YYYY-MM-DD`, which sort as text. */
export function phase(
  { startDate, endDate }: { startDate: string | null; endDate: string | null },
  today: string,
): Phase {
  if (startDate && today < startDate) return "coming";
  return endDate && endDate < today ? "ended" : "active";
}
