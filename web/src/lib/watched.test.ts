import { expect, test } from "vitest";

import { isShareOf, kindWords, levelOf, measuredBy, metricWords, readsAs, thresholdReadsAs, watchedAs } from "./watched";

const of = (kind: string, metric: string | null = null) => ({ kind, rule: { metric } });

test("values are read in their unit", () => {
  expect(readsAs(of("metric", "accuracy"))(0.9312)).toBe("93.1\u202f%");
  expect(readsAs(of("objective", "errors"))(0.9993)).toBe("99.93\u202f%");
  expect(readsAs(of("metric", "error_rate"))(0.0004)).toBe("0.04\u202f%");
  expect(readsAs(of("metric", "latency_p95"))(0.071)).toBe("7.1\u202f%");
  expect(thresholdReadsAs(of("metric", "latency_p95"))(2000)).toBe("2.00 s");
  expect(readsAs(of("objective", "cost"))(0.0312)).toBe("$0.031");
  expect(readsAs(of("drift"))(0.31)).toBe("0.31");
  expect(readsAs(of("error_patterns"))(3)).toBe("3");
  expect(readsAs(of("estimated_accuracy"))(0.9)).toBe("90.0\u202f%");
  // Of an alert whose monitor is gone the kind says it.
  expect([watchedAs("accuracy"), watchedAs("cost"), watchedAs("drift")].map((each) => readsAs(each)(0.968))).toEqual(["96.8\u202f%", "$0.968", "0.968"]);
});

test("what is watched has a name, also where a newer server knows more", () => {
  expect(measuredBy(of("metric", "handover"))).toBe("Handed to a person");
  expect(measuredBy(of("drift"))).toBe("Drift");
  expect(measuredBy(of("error_patterns"))).toBe("New error patterns");
  expect([metricWords("tone_of_voice"), kindWords("sky")]).toEqual(["tone of voice", "sky"]);
  expect([isShareOf(of("metric", "accuracy")), isShareOf(of("metric", "cost_per_request")), isShareOf(of("drift"))]).toEqual([true, false, false]);
});

test("a percentile is held against the share that may be slower, everything else against its own level", () => {
  expect(measuredBy({ kind: "metric", rule: { metric: "latency_p95", threshold: 2000 } })).toBe("Calls slower than 2.00 s");
  expect(levelOf({ kind: "metric", rule: { metric: "latency_p95", threshold: 2000, comparison: "above" } })).toEqual({ value: 1 - 0.95, name: "at most 5.0\u202f%" });
  expect(levelOf({ kind: "metric", rule: { metric: "accuracy", threshold: 0.95, comparison: "below" } })).toEqual({ value: 0.95, name: "at least 95.0\u202f%" });
  expect(levelOf({ kind: "objective", rule: { metric: "errors", target: 0.999 } })).toEqual({ value: 0.999, name: "objective 99.90\u202f%" });
  expect(levelOf(of("drift"))).toBeNull();
});
