/** The configuration of the platform, as far as pages depend on it. */
import { api, type Schemas } from "./api/client";
import { take } from "./api/failure";

type Configuration = Schemas["Configuration"];

let known: Promise<Configuration> | undefined;

/** Requested once. If that fails, nothing optional is offered, and the next page requests it again. */
export function configuration(): Promise<Configuration> {
  known ??= take(api.GET("/v2/configuration")).catch(() => {
    known = undefined;
    return { googleSignIn: false, mapPmtilesUrl: null };
  });
  return known;
}
