import { expect, test } from "vitest";

import { amountFault, complete, emptyDraft, limitBody, plainAmount } from "./draft";

test("an amount is read as people write it", () => {
  expect(["2,000", "1 000 000", " 2.5 ", "0,5", "12,345.50"].map(plainAmount)).toEqual(["2000", "1000000", "2.5", "0.5", "12345.50"]);
});

test("an amount fits what it counts", () => {
  expect([amountFault("cost", "0.5"), amountFault("requests", "6,000"), amountFault("requests", "0")]).toEqual([null, null, null]);
  expect(amountFault("cost", "")).toContain("dollars");
  expect(amountFault("cost", "0.0000001")).toContain("six decimals");
  expect(amountFault("cost", "1000001")).toContain("1,000,000");
  expect(amountFault("tokens", "2.5")).toContain("whole number");
});

test("a limit is set once it says on what and how much", () => {
  const draft = { ...emptyDraft, amount: "2000" };
  expect(complete(emptyDraft)).toBe(false);
  expect(complete(draft)).toBe(true);
  expect(complete({ ...draft, kind: "key" })).toBe(false);
  expect(limitBody(draft)).toEqual({ subject: { kind: "organization" }, measure: "cost", window: "month", amount: "2000", onStoreLoss: "deny" });
});

test("calls at a time have no window, and what cannot be chosen is named", () => {
  const draft = { ...emptyDraft, kind: "person" as const, name: " ada@rosewood.example ", measure: "concurrency" as const, amount: "3", lenient: true };
  expect(limitBody(draft)).toEqual({ subject: { kind: "person", name: "ada@rosewood.example" }, measure: "concurrency", amount: "3", onStoreLoss: "allow" });
  expect(limitBody({ ...draft, id: "person_01" }).subject).toEqual({ kind: "person", id: "person_01" });
});
