import { expect, test } from "vitest";

import { keptFor, kindName, present, progressOf, rowsOf, wrongDays } from "./words";

import type { ErasureRead, RuleRead } from "@/api/schema.gen";

test("kinds, times and numbers read as words", () => {
  expect(kindName("audit_details")).toBe("Audit details");
  expect([keptFor(null), keptFor(1), keptFor(90)]).toEqual(["for ever", "1 day", "90 days"]);
  expect([rowsOf(null), rowsOf(1)]).toEqual(["more than 10,000 rows", "1 row"]);
});

test("days lie within the bounds of their kind", () => {
  const rule = { kind: "sessions", leastDays: 2, mostDays: 90 } as RuleRead;
  expect(wrongDays(rule, 30)).toBeNull();
  expect(wrongDays(rule, 1)).toContain("at least 2 days");
  expect(wrongDays(rule, 91)).toContain("at most 90 days");
  expect(wrongDays(rule, 1.5)).toContain("whole number");
  expect(wrongDays({ ...rule, mostDays: null }, 99_999)).toContain("36,500");
});

test("what is gone is never more than all", () => {
  const erasure = (counts: object, planned: object) => progressOf({ counts, planned } as ErasureRead);
  expect(erasure({ contents: 2 }, { contents: 4, views: null })).toEqual({ done: 2, total: 4 });
  expect(erasure({ contents: 9 }, { contents: 4 })).toEqual({ done: 9, total: 9 });
});

test("kinds without anything are left out", () => {
  expect(present({ views: 0, contents: 3, operations: null })).toEqual([
    ["Operations", "more than 10,000"],
    ["Contents", "3"],
  ]);
});
