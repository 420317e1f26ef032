import { expect, test } from "vitest";

import { basisWords, changeWords, summary, unknowns } from "./what-if-words";

import { whatIf } from "@/testing/replay";

const still = (value: number) => ({ fact: value, estimate: value, low: value, high: value });

test("a replay is summed up in a sentence, and what may be chance is not made much of", () => {
  const told = whatIf();
  expect(summary(told)).toBe("31\u202f% cheaper, 11\u202f% faster; 6 more calls would have failed.");
  const { measures } = told;
  const failed = { fact: 3, estimate: 5, low: 2, high: 9 };
  expect(summary({ ...told, measures: { ...measures, costUsd: still(4), p50Ms: { ...measures.p50Ms, high: 1300 }, failed } })).toBe(
    "As dear as it was, as fast as it was.",
  );
  const dear = { fact: 1, estimate: 2, low: 2, high: 2 };
  const unknown = { fact: 900, estimate: null, low: null, high: null };
  expect(summary({ ...told, measures: { ...measures, costUsd: dear, p50Ms: unknown, failed: still(0) } })).toBe(
    "100\u202f% dearer, how fast is unknown.",
  );
});

test("a change is told with its sign, or as none", () => {
  expect(changeWords({ fact: 4, estimate: 3, low: 3, high: 3 })).toBe("−25\u202f%");
  expect(changeWords({ fact: 4, estimate: 5, low: 5, high: 5 })).toBe("+25\u202f%");
  expect(changeWords(still(4))).toBe("same");
  expect(changeWords(still(0))).toBe("same");
  expect(changeWords({ fact: 0, estimate: 5, low: 2, high: 7 })).toBe("");
});

test("it is said which calls were replayed, which were not, and what nobody can know", () => {
  const told = whatIf();
  expect(basisWords(told)).toMatch(/^The last 1,000 calls of assistant/);
  expect(basisWords({ ...told, basis: { ...told.basis, kind: "organization", calls: 1 } })).toMatch(/^The last call of all routes/);
  expect(unknowns(told)).toEqual([
    "Counted as free of charge, as the model has no price: 16 calls.",
    "Left out: 4 calls whose client left, or that a restart ended.",
    "What is said of venue-faq-2 rests on 9 attempts at it.",
  ]);
  const nothing = { ...told.basis, calls: 0, since: null, until: null, ended: 0 };
  expect(summary({ ...told, basis: nothing })).toMatch(/^No call was recorded/);
  expect(basisWords({ ...told, basis: nothing })).toMatch(/^Once calls came/);
});
