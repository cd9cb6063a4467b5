/**
 * Finds orders by a name, phone, e-mail address or id. The API does not search yet, so pages of the list are read and
 * compared here, newest first, up to a limit that the page tells.
 */
import type { Order } from "../../lib/api/client";

/** Orders of a page of the list. */
export const PAGE = 100;
/** Orders that are compared at most. */
export const LIMIT = 1000;

export interface Found {
  orders: Order[];
  /** How many were compared. */
  compared: number;
  total: number;
}

/** Letters of a text without case and accents. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether an order is the one that somebody asks for. All words must be found. */
export function matches(order: Order, text: string): boolean {
  const { passenger } = order;
  const digits = passenger.phones.map(({ phone }) => phone.replace(/\D/g, ""));
  const fields = [passenger.firstName, passenger.lastName, passenger.email ?? "", order.id, order.bookingId].map(plain);
  const number = text.replace(/[\s()+-]/g, "");
  if (/^\d{4,}$/.test(number) && digits.some((phone) => phone.includes(number.replace(/^0+/, "")))) return true;
  const words = plain(text).split(/\s+/).filter(Boolean);
  return words.every((word) => fields.some((field) => field.includes(word)));
}

/** Reads pages with `read` until the list or the limit ends. */
export async function find(
  text: string,
  read: (skip: number) => Promise<{ orders: Order[]; total: number }>,
): Promise<Found> {
  const found: Found = { orders: [], compared: 0, total: 0 };
  do {
    const page = await read(found.compared);
    found.orders.push(...page.orders.filter((order) => matches(order, text)));
    found.compared += page.orders.length;
    found.total = page.total;
    if (page.orders.length === 0) break;
  } while (found.compared < Math.min(found.total, LIMIT));
  return found;
}
