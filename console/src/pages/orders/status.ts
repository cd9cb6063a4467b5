/** How the states of orders look, and which actions they allow: actions that the API would refuse are not offered. */
import type { Order } from "../../lib/api/client";

export type Tone = "good" | "wait" | "bad" | "off";

const STATUS: Record<Order["status"], Tone> = {
  Processing: "wait",
  Confirmed: "good",
  NotConfirmed: "bad",
  Uncompleted: "off",
  Canceled: "off",
  Refund: "off",
};

const PAYMENT: Record<Order["paymentStatus"], Tone> = { Unpaid: "wait", Booked: "off", Prepaid: "wait", Paid: "good" };

export const STATUSES = Object.keys(STATUS) as Order["status"][];
export const PAYMENTS = Object.keys(PAYMENT) as Order["paymentStatus"][];

export const toneOfStatus = (status: Order["status"]): Tone => STATUS[status];

/** The look of a payment status; if no passenger travels on the order, no payment is expected. */
export function toneOfPayment({ status, paymentStatus }: Pick<Order, "status" | "paymentStatus">): Tone {
  return isOpen(status) || paymentStatus === "Paid" ? PAYMENT[paymentStatus] : "off";
}

const isOpen = (status: Order["status"]) => status === "Processing" || status === "Confirmed";

export type Decision = "confirm" | "prepaid" | "move" | "resend" | "reject" | "cancel";

/** The actions that a user of the company can take on an order now. */
export function decisions({ status, paymentStatus }: Pick<Order, "status" | "paymentStatus">): Decision[] {
  const possible: Record<Decision, boolean> = {
    confirm: status === "Processing",
    prepaid: isOpen(status) && paymentStatus !== "Paid" && paymentStatus !== "Prepaid",
    move: isOpen(status),
    resend: status === "Confirmed",
    reject: isOpen(status) && paymentStatus !== "Paid",
    cancel: isOpen(status),
  };
  return (Object.keys(possible) as Decision[]).filter((decision) => possible[decision]);
}

/** The amount that is left to pay on board; 0 if no passenger travels. */
export function due(order: Pick<Order, "status" | "paymentStatus" | "price" | "prepaid">): number {
  if (!isOpen(order.status) || order.paymentStatus === "Paid") return 0;
  // In hundredths, so that 0.1 and 0.2 stay exact.
  return (Math.round(order.price.amount * 100) - Math.round(order.prepaid * 100)) / 100;
}
