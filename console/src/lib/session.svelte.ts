/** Who is signed in and where they work. */
import { api, type Access, type Auth, onSignedOut } from "./api/client";
import { asFailure, done, type Failure, take } from "./api/failure";
import { mayLeave, navigate, route, SIGN_IN } from "./router.svelte";
import { type Right, holds } from "./rights";

class Session {
  /** `undefined` until the API was asked, `null` when nobody is signed in. */
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

/** What the API calls `companyId` of a workplace: that of its company or partner, else the word for the platform. */
export function workplaceId(access: Access): string {
  return access.companyId ?? access.partnerId ?? "platform";
}

/** Asks the API who is signed in. */
export async function restore(): Promise<void> {
  try {
    session.auth = await take(api.GET("/v2/auth/me"));
    session.failure = undefined;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind === "signedOut") session.auth = null;
    session.failure = failure.kind === "signedOut" ? undefined : failure;
  }
}

export async function switchTo(access: Access): Promise<void> {
  if (!mayLeave()) return;
  session.auth = await take(api.POST("/v2/auth/switch-company", { body: { companyId: workplaceId(access) } }));
  navigate("/");
}

export async function signOut(): Promise<void> {
  if (!mayLeave()) return;
  await done(api.POST("/v2/auth/logout"));
  session.auth = null;
  navigate(SIGN_IN);
}

export async function signOutEverywhere(): Promise<void> {
  if (!mayLeave()) return;
  await done(api.POST("/v2/auth/logout-all"));
  session.auth = null;
  navigate(SIGN_IN);
}

/** Where sign-in leads back to. */
export function signInHref(): string {
  const here = route.path + route.search;
  return here === "/" || route.path === SIGN_IN ? SIGN_IN : `${SIGN_IN}?next=${encodeURIComponent(here)}`;
}

onSignedOut(() => {
  if (session.auth == null) return;
  session.auth = null;
  navigate(signInHref(), { replace: true });
});
