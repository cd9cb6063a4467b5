/** What the platform offers, as far as pages depend on it. */
import { api, type Schemas } from "./api/client";
import { take } from "./api/failure";

type Configuration = Schemas["Configuration"];

let known: Promise<Configuration> | undefined;

/** Asked for once. Without an answer nothing optional is offered, and the next page asks again. */
export function configuration(): Promise<Configuration> {
  known ??= take(api.GET("/v2/configuration")).catch(() => {
    known = undefined;
    return { googleSignIn: false, mapPmtilesUrl: null };
  });
  return known;
}
