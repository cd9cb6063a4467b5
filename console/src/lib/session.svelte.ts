/** Who is signed in, and where this user works. */
import { api, type Access, type Auth, onSignedOut } from "./api/client";
import { asFailure, done, type Failure, take } from "./api/failure";
import { go, mayLeave, navigate, route, SIGN_IN } from "./router.svelte";
import { type Right, holds } from "./rights";

class Session {
  /** `undefined` until the API has answered, `null` when no user is signed in. */
  auth = $state.raw<Auth | null>();
  /** Why the API could not be asked. */
  failure = $state.raw<Failure>();

  get access(): Access | undefined {
    return this.auth?.access;
  }

  may(right: Right): boolean {
    return this.auth != null && holds(this.auth.access, right);
  }
}

export const session = new Session();

/** The `companyId` of a workplace in the API: the id of its company or partner, or the word for the platform. */
export function workplaceId(access: Access): string {
  return access.companyId ?? access.partnerId ?? "platform";
}

/** The user and the workplace as one text; empty when no user is signed in. */
export function identity(auth: Auth | null | undefined): string {
  return auth ? `${auth.user.id} ${workplaceId(auth.access)}` : "";
}

/** Of several responses about who is signed in, the latest one counts. */
let turn = 0;

/** Asks the API who is signed in. */
export async function restore(): Promise<void> {
  const mine = ++turn;
  let [auth, failure]: [Auth | null | undefined, Failure | undefined] = [session.auth, undefined];
  try {
    auth = await take(api.GET("/v2/auth/me"));
  } catch (thrown) {
    failure = asFailure(thrown);
    if (failure.kind === "signedOut") [auth, failure] = [null, undefined];
  }
  if (mine !== turn) return;
  session.auth = auth;
  session.failure = failure;
}

/** The other tabs of this browser, which share its cookies and so the session. */
const tabs = new BroadcastChannel("session");

/** Sets who is signed in from now on, here and in the other tabs. */
export function setAuth(auth: Auth | null): void {
  turn++;
  session.auth = auth;
  session.failure = undefined;
  tabs.postMessage(identity(auth));
}

/** Another user or workplace: no data of the previous one may be shown under the new name. */
function follow(): void {
  if (session.auth) session.auth = undefined;
  void restore();
}
tabs.onmessage = ({ data }) => data === identity(session.auth) || follow();
// A page that the browser had suspended has received no messages.
addEventListener("pageshow", ({ persisted }) => persisted && follow());

export async function switchTo(access: Access): Promise<void> {
  if (!mayLeave()) return;
  setAuth(await take(api.POST("/v2/auth/switch-company", { body: { companyId: workplaceId(access) } })));
  go("/");
}

/** Ends this session, or all of them. */
async function end(path: "/v2/auth/logout" | "/v2/auth/logout-all"): Promise<void> {
  if (!mayLeave()) return;
  await done(api.POST(path));
  setAuth(null);
  go(SIGN_IN);
}

export const signOut = () => end("/v2/auth/logout");
export const signOutEverywhere = () => end("/v2/auth/logout-all");

/** The address of the sign-in page, which leads back to the present one. */
export function signInHref(): string {
  const here = route.path + route.search;
  return here === "/" || route.path === SIGN_IN ? SIGN_IN : `${SIGN_IN}?next=${encodeURIComponent(here)}`;
}

onSignedOut(() => {
  if (session.auth == null) return;
  session.auth = null;
  navigate(signInHref(), { replace: true });
});
