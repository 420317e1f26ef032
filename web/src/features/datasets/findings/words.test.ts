import { expect, test } from "vitest";

import type { CheckRead, FindingRead } from "../shapes";

import { applyWords, keptOf, spansOf, summaryOf } from "./words";

import { check, findings } from "@/testing/datasets";

const [duplicate, label, personal] = findings() as FindingRead[];

test("a finding says on its button what it will do", () => {
  expect(duplicate && applyWords(duplicate)).toBe("Merge 2 into one");
  expect(label && applyWords(label)).toBe("Relabel as invoice");
});

test("of several that say the same, the approved one stays", () => {
  expect(keptOf(duplicate?.examples ?? [])?.status).toBe("validated");
});

test("personal data is marked where it stands", () => {
  expect(personal && spansOf(personal)).toEqual([
    { start: 31, end: 49, label: "email" },
    { start: 58, end: 74, label: "phone" },
  ]);
  expect(duplicate && spansOf(duplicate)).toEqual([]);
});

test("a check that ended says what is new", () => {
  expect(summaryOf(check() as CheckRead)).toBe("New: 3 doubles, 2 wrong labels, 1 personal data.");
  expect(summaryOf(check({ summary: {} }) as CheckRead)).toBe("Nothing new was found in 5 kinds of check.");
});
