/** The only client of the API: typed by our own OpenAPI document; renews the session when its access token expires. */
import { synchronize } from "../time";
import { createClient, timeout } from "./request";
import type { components, operations, paths } from "./schema";
import type { components as OpsComponents, paths as OpsPaths } from "./schema-ops";

export type Schemas = components["schemas"];
export type OpsSchemas = OpsComponents["schemas"];
/** The request body of an operation, by the operation's id. */
export type Body<O extends keyof operations> =
  NonNullable<operations[O]["requestBody"]> extends { content: { "application/json": infer B } } ? B : never;
export type Access = Schemas["Access"];
export type Auth = Schemas["Auth"];
export type Order = Schemas["Order"];
export type OrderWithHistory = Schemas["OrderWithHistory"];
export type Departure = Schemas["Departure"];
export type DepartureWithSeats = Schemas["DepartureWithSeats"];
export type DepartureManifest = Schemas["DepartureManifest"];
export type Report = Schemas["Report"];
export type TimetableUpload = Schemas["TimetableUpload"];
export type FmsObject = Schemas["FmsObject"];
export type PartnerPermission = Schemas["PartnerPermission"];
export type ApiKey = Schemas["ApiKey"];

/** Called when the session has ended and cannot be renewed. */
let whenSignedOut: () => void = () => {};

export function onSignedOut(callback: () => void): void {
  whenSignedOut = callback;
}

/** There is one renewal at a time; requests that find the access token expired share it. */
let renewal: Promise<boolean> | undefined;

/**
 * Renews the session; false if it has ended. A platform that does not answer has not ended it: that is an error like
 * any other.
 */
function renew(): Promise<boolean> {
  renewal ??= fetch("/v2/auth/refresh", { method: "POST", signal: timeout() })
    .then(async (response) => {
      const { ok, status } = response;
      await response.arrayBuffer();
      if (!ok && status !== 401 && status !== 403) throw new Error(`the session could not be renewed: ${status}`);
      return ok;
    })
    .finally(() => (renewal = undefined));
  return renewal;
}

/** Operations that need no session: their 401 concerns credentials. */
const OPEN = /^\/v2\/auth\/(pre-login|login|logout|google\/\w+)$/;

async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  synchronize(response.headers.get("date"));
  if (response.status !== 401 || OPEN.test(new URL(request.url).pathname)) return response;
  if (await renew()) return fetch(again);
  whenSignedOut();
  return response;
}

export const api = createClient<paths>(send);
/** The operations for platform operators. */
export const ops = createClient<OpsPaths>(send);

/** A header that makes a repeated POST harmless: a new value for each decision of the user. */
export function once(): { "Idempotency-Key": string } {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { "Idempotency-Key": Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") };
}
