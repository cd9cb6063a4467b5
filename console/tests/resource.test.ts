import { expect, it } from "vitest";

import { Failure } from "../src/lib/api/failure";
import { Resource } from "../src/lib/api/resource.svelte";

const lost = () => Promise.reject(new Failure("offline", "", "", null, {}));
const page = (skip: number) => ({ take: 50, skip });

it("stays while it is read again, even if that fails", async () => {
  const list = new Resource<string>();
  await list.load(async () => "first page", page(0));
  await list.load(lost, page(0));
  expect([list.value, list.failure?.kind, list.isStale]).toEqual(["first page", "offline", false]);
});

it("does not stay as the answer to another question", async () => {
  const list = new Resource<string>();
  await list.load(async () => "first page", page(0));
  const reading = list.load(lost, page(50));
  expect([list.value, list.isStale]).toEqual(["first page", true]);
  await reading;
  expect([list.value, list.failure?.kind, list.isStale]).toEqual([undefined, "offline", false]);
  await list.load(async () => "second page", page(50));
  expect([list.value, list.failure, list.isStale]).toEqual(["second page", undefined, false]);
});

it("is of the question that was asked last", async () => {
  const list = new Resource<string>();
  await list.load(async () => "first page", page(0));
  let answer: (page: string) => void = () => {};
  const second = list.load(() => new Promise<string>((resolve) => (answer = resolve)), page(50));
  await list.load(lost, page(0));
  answer("second page");
  await second;
  expect([list.value, list.failure?.kind]).toEqual(["first page", "offline"]);
});
