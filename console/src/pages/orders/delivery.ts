/** Why a message was not sent, in the words of the console. */
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

/** Why a message was not sent; a code newer than this page is told by the API's English text, which is better than nothing. */
export function reasonOf({ code, reason, state }: Pick<Delivery, "code" | "reason"> & Partial<Pick<Delivery, "state">>): string {
  if (!code || !REASONS[code]) return reason ?? "";
  return state === "Pending" ? `${t(REASONS[code])} ${t("delivery.again")}` : t(REASONS[code]);
}
