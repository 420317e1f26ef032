import { expect, test } from "vitest";

import { answerOf, isActive, progress, share } from "./words";

import { batch } from "@/testing/batches";

test("what is at work is added up", () => {
  const working = [batch({ status: "in_progress", total: 300, completed: 100, failed: 50 }), batch({ status: "validating", total: 0, completed: 0, failed: 0 })];
  expect(answerOf([...working, batch({ status: "completed" })])).toBe("2 batches are at work: 150 of 300 lines done, 50\u202f%.");
});

test("a batch whose file is being read has no lines yet", () => {
  const reading = batch({ status: "validating", total: 0, completed: 0, failed: 0 });
  expect(share(reading)).toBe(0);
  expect(answerOf([reading])).toBe("1 batch is at work.");
  expect(isActive(reading)).toBe(true);
});

test("of those that are over the last one is told", () => {
  const last = batch({ status: "expired", total: 10, completed: 6, failed: 1, costUsd: 0.5 });
  expect(answerOf([last, batch()])).toBe("No batch is at work. The last one ran out of time: 6 of 10 lines done, 1 failed, $0.500.");
  expect(progress(last)).toBe("7 of 10 lines");
  expect(answerOf([])).toBe("");
});
