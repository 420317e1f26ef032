import { expect, test } from "vitest";

import { allowance, answerOf, quantity, standing, startsAnew, subjectName } from "./words";

import { limit, limits, spent } from "@/testing/limits";

test("amounts read with their unit and their window", () => {
  expect([quantity("requests", 1), quantity("tokens", 5_250_000), quantity("tokens", 5_250_001)]).toEqual(["1 request", "5.25\u202fM tokens", "5,250,001 tokens"]);
  expect(quantity("cost", 1e-9)).toBe("< $0.000001");
  expect([quantity("cost", 50), quantity("cost", 0.5), quantity("cost", 2000.000_001)]).toEqual(["$50", "$0.50", "$2,000.000001"]);
  expect(allowance("cost", "month", 2000)).toBe("$2,000 a month");
  expect(allowance("concurrency", null, 20)).toBe("20 calls at a time");
});

test("what a limit is on is named, also where its name is not to be seen", () => {
  expect(subjectName(limit())).toBe("Organization");
  expect(subjectName(limit({ subject: { kind: "person", id: "person_07", name: null } }))).toBe("person_07");
});

test("a limit has room, is nearly used up, used up, or refused a call", () => {
  const is = (amount: string, used: string, refusing = false) => standing(limit({ amount, use: { used, refusing } })).is;
  expect([is("100", "79.9"), is("100", "80"), is("100", "100"), is("100", "40", true)]).toEqual(["room", "near", "full", "refused"]);
  expect(standing(limit({ amount: "0", use: { used: "0", reserved: "0" } }))).toEqual({ share: 1, promised: 0, is: "full" });
});

test("a window starts anew at a moment with its zone, a minute each minute", () => {
  expect(startsAnew(limit())).toMatch(/^(1 Jul|30 Jun), \d\d:\d\d \S+/);
  expect(startsAnew(limit({ window: "minute" }))).toBe("each minute");
  expect(startsAnew(limit({ window: null, use: { resetsAt: null } }))).toBe("–");
});

test("what wants to be looked at comes first", () => {
  const room = limit();
  const near = limit({ use: { used: "1900" } });
  expect(answerOf([])).toBe("");
  expect(answerOf([room])).toBe("The limit has room.");
  expect(answerOf([room, room])).toBe("All 2 limits have room.");
  expect(answerOf([room, near])).toBe("One limit is nearly used up: Organization, $2,000 a month.");
  expect(answerOf([...limits(), spent()])).toBe("One limit refused calls in its present window: Venue website, $100 a day.");
  expect(answerOf([near, spent(), spent()])).toBe("2 of 3 limits are used up or refused calls in their present window.");
});
