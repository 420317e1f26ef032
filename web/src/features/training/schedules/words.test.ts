import { expect, test } from "vitest";

import { bodyOf, comes, draftOfSchedule, isRight, noSchedule, summary } from "./words";

import { schedule } from "@/testing/training";

test("a schedule is told in a sentence", () => {
  expect(summary(schedule())).toBe("Every night at 03:00, Europe/Berlin, between 22:00 and 06:00: trains ticket-classifier on ticket-classifier, when 50 examples are new.");
  expect(summary(schedule({ cron: "5 4 * * *", window: null, minNewExamples: 0 }))).toBe("At 5 4 * * *, Europe/Berlin: trains ticket-classifier on ticket-classifier.");
});

test("what was read is written again as it was", () => {
  const { name, cron, timezone, window, minNewExamples, job } = schedule();
  expect(bodyOf(draftOfSchedule(schedule()), job, true)).toEqual({ name, cron, timezone, window, minNewExamples, job, enabled: true });
});

test("what is wrong keeps it from being saved, and has no times", () => {
  const draft = { ...noSchedule("UTC"), name: "nightly" };
  expect(isRight(draft)).toBe(true);
  expect(comes(draft, Date.parse("2026-06-12T10:00:00Z"))[0]).toBe(Date.parse("2026-06-13T03:00:00Z"));
  for (const wrong of [{ name: " " }, { cron: "x" }, { timezone: "Mars" }, { from: "22:00" }, { minNewExamples: "-1" }]) expect(isRight({ ...draft, ...wrong })).toBe(false);
  expect(comes({ ...draft, cron: "x" }, 0)).toEqual([]);
});
