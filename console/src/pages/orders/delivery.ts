/** What the API says in English of a message that was not sent, in the words of the console. */
import type { Schemas } from "../../lib/api/client";
import { type Key, t } from "../../lib/i18n/index.svelte";
import type { Tone } from "./status";

type Delivery = Schemas["Delivery"];

/** A part of each of the API's reasons; the texts are those of common's `notification/delivery.rs`. */
const REASONS = [
  ["refused the message", "delivery.refused"],
  ["unreachable or busy", "delivery.busy"],
  ["does not accept messages", "delivery.setup"],
  ["could not be sent", "delivery.unsent"],
  ["no e-mail address", "delivery.noEmail"],
  ["lists Viber", "delivery.noViber"],
  ["through Viber", "delivery.noViber"],
  ["could not be reached", "delivery.unreached"],
] as const satisfies readonly (readonly [string, Key])[];

const TONES: Record<Delivery["state"], Tone> = { Sent: "good", Pending: "wait", Failed: "bad", NotSent: "off" };

export const toneOfDelivery = (state: Delivery["state"]): Tone => TONES[state];

/** The key of the text for a reason of the API; `undefined` for one that the console does not know. */
export function reasonKey(reason: string): (typeof REASONS)[number][1] | undefined {
  return REASONS.find(([part]) => reason.includes(part))?.[1];
}

/** Why a message was not sent; an unknown reason stays in English, which is better than nothing. */
export function reasonOf({ reason }: Pick<Delivery, "reason">): string {
  if (!reason) return "";
  const key = reasonKey(reason);
  if (!key) return reason;
  return reason.includes("Another attempt follows") ? `${t(key)} ${t("delivery.again")}` : t(key);
}
