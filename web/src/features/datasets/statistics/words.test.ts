import { expect, test } from "vitest";

import { answerOf } from "./words";

import { statistics } from "@/testing/datasets";

test("the statistics tell whether there is enough of each label", () => {
  const of = (byLabel: Record<string, number>) => answerOf(statistics({ byLabel }));
  expect(of({ a: 100, b: 4 })).toContain("b has fewer than 10 examples");
  expect(of({ a: 100, b: 4, c: 5 })).toContain("2 of 3 labels have fewer than 10");
  expect(of({ a: 1000, b: 20 })).toContain("a has 50 times as many as b");
  expect(of({ a: 30, b: 20 })).toContain("The 2 labels are in balance.");
  expect(of({})).toBe("96\u202f% of 1,252 examples are approved, at an average quality of 93\u202f%.");
  expect(answerOf(statistics({ total: 0 }))).toBe("There is nothing to count yet.");
});
