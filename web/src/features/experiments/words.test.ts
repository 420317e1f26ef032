import { expect, test } from "vitest";

import { judged, rowsOf } from "./compared";
import { bandsOf, chartedOf } from "./over-time";
import { aboutDays, answerOf, answersWith, daysLeft, offered, willSplit } from "./words";

import { experiment, experimentOfThree, experiments, results, resultsHarmed, resultsOfThree } from "@/testing/experiments";

test("what can be decided is told of all", () => {
  expect(answerOf(experiments())).toBe("2 experiments run; A shorter prompt can be decided.");
  expect(answerOf([experiment({ state: "draft" })])).toBe("No experiment runs.");
  expect(answerOf([])).toBe("");
});

test("what is left is told in days, or less", () => {
  expect(daysLeft(experiment())).toBeCloseTo(1.13, 2);
  expect([daysLeft(experiment({ state: "paused" })), daysLeft(experiment({ plan: null })), daysLeft(experiment({ units: 20_000 }))]).toEqual([null, null, 0]);
  expect([0, 0.01, 0.4, 8.2, 400].map(aboutDays)).toEqual(["it has what was planned", "within the hour", "about 10 hours", "about 9 days", "more than a year"]);
});

test("an arm is told by what it answers with, and a start by what it does", () => {
  expect(willSplit(experiment({ coverage: 0.2 }))).toBe("Of the calls of assistant, 10\u202f% by assistant with another system prompt; the rest as now. Each person stays with the arm they got.");
  expect(answersWith({ kind: "version", ref: "1.3.0", prompt: null }, "tickets")).toBe("version 1.3.0");
  expect(answersWith({ kind: "model", ref: "small", prompt: null }, "assistant")).toBe("model small");
});

test("an arm that was decided for can be taken back while it stands", () => {
  const decided = { arm: "treatment", reason: "better", by: "ada", at: "2026-06-12T10:00:41Z", standing: true };
  expect(offered({ state: "decided", decided })).toMatchObject({ take: true, stop: false, decide: false });
  expect(offered({ state: "decided", decided: { ...decided, standing: false } }).take).toBe(false);
  expect(offered(experiment())).toMatchObject({ pause: true, stop: true, decide: true, start: false });
});

test("what decides comes first, and less is better where it is", () => {
  const rows = rowsOf(experiment(), results());
  expect(rows.map(({ metric }) => metric)).toEqual(["resolved", "error_rate", "latency_ms", "cost_usd"]);
  expect(rows.map(judged)).toEqual(["better", "harmless", "better", "better"]);
  expect(rows[0]).toMatchObject({ control: 0.613, mean: 0.644 });
  expect(judged({ role: "primary", better: null, broken: null, difference: null })).toBe("early");
  expect(rowsOf(experiment(), resultsHarmed()).map(judged)).toEqual(["better", "harm", "better", "better"]);
});

test("each arm has a band of its own", () => {
  expect(chartedOf(experiment(), results())).toEqual(["resolved", "latency_ms"]);
  expect(bandsOf(experimentOfThree(), resultsOfThree(), "resolved").map(({ name, points }) => [name, points.length])).toEqual([["short", 24], ["warm", 24]]);
});
