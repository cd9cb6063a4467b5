import { expect, it } from "vitest";

import { Failure, type FailureKind } from "../src/lib/api/failure";
import { endOf, endOfError, endOfFailure } from "../src/pages/sign-in/google";

it("takes only known ends from an address", () => {
  expect(["denied", "away", "<b>", "", null].map(endOf)).toEqual(["denied", "away", undefined, undefined, undefined]);
});

it("distinguishes a canceled sign-in from one that does not work", () => {
  expect(["access_denied", "server_error", null].map(endOfError)).toEqual(["denied", "away", "away"]);
});

it.each([
  ["invalid", "expired"],
  ["signedOut", "unknown"],
  ["offline", "away"],
  ["broken", "away"],
] as [FailureKind, string][])("explains a refusal of the kind %s as %s", (kind, end) => {
  expect(endOfFailure(new Failure(kind, "", "", null, {}))).toBe(end);
});
