// Real people of each role: invited over the API by an administrator, with the link in the mail, and removed
// afterwards.
import assert from "node:assert/strict";

import { company, mailedToken, partner, setting } from "./support.mjs";

/** Workplaces with their administrator and the roles to which people can be invited. */
export const PLACES = {
  company: { admin: company, roles: ["MANAGER", "DISPATCHER", "ACCOUNTANT"] },
  partner: { admin: partner, roles: ["MANAGER", "ACCOUNTANT"] },
};

const password = "a long synthetic sentence";

/** Returns a function that calls the API in a session of this user. */
async function session(who) {
  const headers = { "content-type": "application/json", origin: setting("API_URL") };
  const call = async (method, path, body) => {
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(setting("API_URL") + path, init);
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer;
  };
  const entered = await call("POST", "/v2/auth/login", who);
  headers.cookie = entered.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
  return call;
}

/**
 * Puts a person into a role, a new one unless `known` is an address: returns how to sign in, and `leave`, which removes
 * the person.
 */
export async function hire(place, role, known) {
  const call = await session(PLACES[place].admin());
  const email = known ?? `journey-${role.toLowerCase()}-${Math.random().toString(36).slice(2, 10)}@prexsell.example`;
  const invited = await (await call("POST", "/v2/people/invitations", { email, role, language: "UK" })).json();
  const token = await mailedToken(invited.data.invitation.id);
  const person = known ? {} : { firstName: "Synthetic", lastName: role, password };
  await call("POST", "/v2/auth/invitations/accept", { token, ...person });
  const leave = async () => {
    const { data } = await (await call("GET", "/v2/people?take=100")).json();
    const person = data.people.find((one) => one.email === email);
    if (person) await call("DELETE", `/v2/people/${person.id}`);
  };
  return { email, password, leave };
}

/** Does something as a new person in a role, and optionally in a role at each of several other places. */
export async function asMember(place, role, act, ...elsewhere) {
  const member = await hire(place, role);
  const jobs = [member];
  try {
    for (const other of elsewhere) jobs.push(await hire(...other, member.email));
    await act(member);
  } finally {
    for (const { leave } of jobs) await leave();
  }
}
