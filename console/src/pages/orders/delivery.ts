/** Reasons why messages were not sent, in the words of the console. */
import type { Schemas } from "../../lib/api/client";
import { type Key, t } from "../../lib/i18n/index.svelte";
import type { Tone } from "./status";

type Delivery = Schemas["Delivery"];

const REASONS = {
  Refused: "delivery.refused",
  ProviderUnavailable: "delivery.busy",
  SenderRejected: "delivery.setup",
  Unknown: "delivery.unsent",
  NoEmail: "delivery.noEmail",
  NoViber: "delivery.noViber",
  Unreachable: "delivery.unreached",
} as const satisfies Record<Schemas["DeliveryReason"], Key>;

const TONES: Record<Delivery["state"], Tone> = { Sent: "good", Pending: "wait", Failed: "bad", NotSent: "off" };

export const toneOfDelivery = (state: Delivery["state"]): Tone => TONES[state];

/** A text, and its language if that is not the user's. */
interface ReasonText {
  text: string;
  lang?: "en";
}

/**
 * Why a message was not sent. For a code that the console does not know, the API's English text is better than nothing.
 */
export function reasonOf({ code, reason, state }: Pick<Delivery, "code" | "reason"> & Partial<Pick<Delivery, "state">>): ReasonText {
  const known = code && REASONS[code];
  if (reason && !known) return { text: reason, lang: "en" };
  const text = t(known ?? "delivery.unsent");
  return { text: state === "Pending" ? `${text} ${t("delivery.again")}` : text };
}
