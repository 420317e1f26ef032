import { expect, test } from "vitest";

import { parameters, stepOf, stretchOf } from "./asked";
import { limitsOf, lineOf, used } from "./budgets";
import { callsOf } from "./links";
import { readSearch } from "./routes";
import { spansOf, stacks } from "./stacks";
import { answerOf, labelOf } from "./words";

import { byFeature, costReport, nothing } from "@/testing/costs";
import { limit } from "@/testing/limits";

const NOW = Date.parse("2026-06-12T10:00:41Z");

test("the last so long are whole steps of the viewer's calendar", () => {
  const local = (last: string) => {
    const { from } = stretchOf({ last }, NOW);
    return [from.getHours(), from.getMinutes(), stepOf({ from }, NOW)];
  };
  expect(local("24h").slice(1)).toEqual([0, "hour"]);
  expect(local("7d")).toEqual([0, 0, "day"]);
  expect(local("90d")).toEqual([0, 0, "day"]);
  expect(local("365d")).toEqual([0, 0, "month"]);
  expect(stretchOf({ last: "365d" }, NOW).from.getDate()).toBe(1);
  expect(stretchOf({ to: "2026-06-01T00:00:00.000Z" }, NOW).from.toISOString()).toBe("2026-05-02T00:00:00.000Z");
});

test("what is asked says the dimension, the zone and every filter", () => {
  const asked = parameters({ by: "metadata.feature", model: ["a", "b"], from: "2026-06-01T00:00:00.000Z" }, NOW);
  expect([asked.get("by"), asked.get("step"), asked.getAll("model")]).toEqual(["metadata.feature", "day", ["a", "b"]]);
  expect(asked.get("zone")).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(asked.has("to")).toBe(false);
});

test("a URL is read with care", () => {
  expect(readSearch({ by: "colour", last: "1y", model: "a", key: ["k1", "k2"] })).toEqual({ model: ["a"], key: ["k1"] });
  expect(readSearch({ by: "metadata.", from: "soon" })).toEqual({});
  expect(readSearch({ by: "metadata.feature", last: "90d" })).toEqual({ by: "metadata.feature", last: "90d" });
});

test("the answer says how costs moved, and whose doing it is", () => {
  expect(answerOf(costReport())).toMatch(/^Costs rose by .* to \$1,\d+; \$\d+ more is model assistant-4\.$/);
  expect(answerOf(nothing())).toBe("Nothing was called in this time.");
  expect(answerOf(costReport([{ value: "a", dollars: 1 }]))).toContain("no cost in the time before");
  expect(answerOf(costReport([{ value: "a", dollars: 1, before: 4000 }]))).toMatch(/^Costs fell by .* less is model a\.$/);
});

test("values without a name are named", () => {
  expect(labelOf("key", { value: null, label: null })).toContain("No key");
  expect(labelOf("metadata.feature", { value: null, label: null })).toBe("No feature");
  expect(labelOf("key", { value: "key_01", label: "website" })).toBe("website");
  expect(labelOf("stream", { value: "false", label: null })).toBe("In one piece");
});

test("the picture loses nothing: what has no colour of its own is among the others", () => {
  for (const report of [costReport(), byFeature()]) {
    const parts = stacks(report);
    expect(parts.length).toBeLessThanOrEqual(8);
    expect(new Set(parts.map(({ fill }) => fill)).size).toBe(parts.length);
    const sum = parts.flatMap(({ costs }) => costs).reduce((all, cost) => all + cost, 0);
    expect(sum).toBeCloseTo(report.total.costUsd, 6);
    expect(spansOf(report)).toHaveLength(report.steps.length);
  }
});

test("a limit is told beside what it is on, and drawn where a step can be held against it", () => {
  const day = limit({ window: "day", amount: "80" });
  const model = limit({ subject: { kind: "model", id: "model_01", name: "large" }, amount: "100", use: { used: "64" } });
  expect(limitsOf([day, model], "model", { value: "large" })).toEqual([model]);
  expect(limitsOf([day, model], "route", { value: "large" })).toEqual([]);
  expect(used(model)).toMatch(/64.% of \$100 a month/);
  expect(lineOf([day, model], {}, "day")).toBe(80);
  expect(lineOf([day, model], { model: ["large"] }, "month")).toBe(100);
  expect(lineOf([day, model], { model: ["large"] }, "day")).toBeNull();
  expect(lineOf([day, model], { model: ["large", "small"] }, "month")).toBeNull();
});

test("a row leads to its calls, with the filters that were on", () => {
  const report = costReport();
  expect(callsOf({ last: "7d", status: ["error"] }, report, { value: "large" })).toEqual({ status: ["error"], model: ["large"], from: report.from });
  expect(callsOf({}, { ...report, by: "team" }, { value: "team_01" })).toBeNull();
  expect(callsOf({}, report, { value: null })).toBeNull();
  expect(callsOf({ to: report.to }, { ...report, asOf: "2026-07-01T00:00:00Z" }, { value: "large" })?.to).toBe(report.to);
});
