import { expect, test } from "vitest";

import { actorName, changedFields, happened, told } from "./words";

import type { EventRead } from "@/api/schema.gen";

test("an event's name reads as a sentence", () => {
  expect(happened("route.updated")).toBe("Route updated");
  expect(happened("sign_in.failed")).toBe("Sign in failed");
});

test("a person who was erased has no name", () => {
  expect(actorName({ kind: "person", id: "person_01", name: null })).toBe("Erased person");
  expect(actorName({ kind: "key", id: "key_01", name: null })).toBe("key_01");
  expect(actorName({ kind: "system", id: "system", name: "Hone" })).toBe("Hone");
});

test("the changed fields are named, the first ones", () => {
  const event = (before: object | null, after: object | null) => changedFields({ before, after } as EventRead);
  expect(event({ base_url: 1 }, { base_url: 2 })).toBe("base url");
  expect(event(null, { a: 1, b: 1, c: 1 })).toBe("a, b, c");
  expect(event(null, { a: 1, b: 1, c: 1, d: 1 })).toBe("a, b and 2 more");
  expect(event(null, null)).toBe("");
});

test("the list is told in a sentence", () => {
  expect(told(undefined, undefined, {})).toBe("");
  expect(told(1, 1, {})).toBe("1 event, at any time.");
  expect(told(null, 100, { last: "24h" })).toBe("More than 10,000 events, last 24 hours; the newest 100 are loaded.");
});
