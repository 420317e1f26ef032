import { expect, test } from "vitest";

import { bodyOf, draftOf, nameOf, withKind, withMetric, withObjective, wrongCount, wrongShare } from "./draft";

import { monitor, rule } from "@/testing/watch";

test("a new monitor has what most people want: accuracy below 95 %", () => {
  const draft = draftOf(null);
  expect(bodyOf({ ...draft, subject: "model:ticket-classifier" }, null)).toEqual({
    name: "Accuracy of ticket-classifier",
    kind: "metric",
    model: "ticket-classifier",
    rule: { metric: "accuracy", comparison: "below", threshold: 0.95, windowMinutes: 60, minimum: 30 },
  });
});

test("another metric brings its own side and level", () => {
  const draft = withMetric(draftOf(null), "latency_p95");
  expect(bodyOf(draft, null)?.rule).toEqual({ metric: "latency_p95", comparison: "above", threshold: 2000, windowMinutes: 60, minimum: 30 });
});

test("objectives are kept in percent and sent as shares", () => {
  const draft = withKind(draftOf(null), "objective");
  expect(bodyOf(draft, null)?.rule).toEqual({ metric: "errors", target: 0.999, days: 30 });
  expect(bodyOf(withObjective(draft, "latency"), null)?.rule).toEqual({ metric: "latency", target: 0.95, threshold: 2000, days: 30 });
  expect(bodyOf(withObjective(draft, "cost"), null)?.rule).toEqual({ metric: "cost", threshold: 0.1, days: 30 });
  expect(bodyOf({ ...draft, target: "" }, null)).toBeNull();
});

test("drift is of a model", () => {
  const draft = withKind(draftOf(null), "drift");
  expect(bodyOf(draft, null)).toBeNull();
  expect(bodyOf({ ...draft, subject: "model:a" }, null)).toMatchObject({ kind: "drift", model: "a", rule: { referenceDays: 14 } });
});

test("what is read back is what was sent", () => {
  const present = monitor();
  expect(bodyOf(draftOf(present), present)).toEqual({ name: present.name, rule: { metric: "accuracy", comparison: "below", threshold: 0.95, windowMinutes: 60, minimum: 30 } });
  const slow = monitor({ kind: "objective", model: null, rule: rule({ metric: "latency", target: 0.95, threshold: 2000, days: 30 }) });
  expect(bodyOf(draftOf(slow), slow)?.rule).toEqual({ metric: "latency", target: 0.95, threshold: 2000, days: 30 });
});

test("a name is given by itself, and what is typed is checked", () => {
  expect(nameOf(draftOf(null))).toBe("Accuracy");
  expect([wrongCount(""), wrongCount("12"), wrongCount("0.5") === null, wrongShare("95"), wrongShare("100") === null]).toEqual([null, null, false, null, false]);
});
