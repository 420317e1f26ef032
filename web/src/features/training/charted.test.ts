import { expect, test } from "vitest";

import { hasEpochs, overlaid, panelsOf } from "./charted";
import { merged } from "./use-live-run";

import type { Metric } from "@/api/learning";

const metric = (step: number, name: string, value: number, split = "train", epoch: number | null = null): Metric => ({ at: "2026-06-12T10:00:41Z", step, epoch, split, name, value });

const metrics = [metric(2, "accuracy", 0.8, "validation", 1), metric(4, "accuracy", 0.9, "validation", 2), metric(2, "loss", 0.7), metric(4, "loss", 0.4), metric(4, "accuracy", 0.88, "test")];

test("loss comes first, and what has no course is no curve", () => {
  const panels = panelsOf(metrics, "step");
  expect(panels.map(({ title, share }) => [title, share])).toEqual([["Loss", false], ["Accuracy", true]]);
  expect(panels[1]?.series.map(({ name, points }) => [name, points])).toEqual([["validation", [{ x: 2, y: 0.8 }, { x: 4, y: 0.9 }]]]);
});

test("curves go along epochs where they are told", () => {
  expect(hasEpochs(metrics)).toBe(true);
  expect(hasEpochs(metrics.slice(2))).toBe(false);
  expect(panelsOf(metrics, "epoch")[1]?.series[0]?.points.map(({ x }) => x)).toEqual([1, 2]);
});

test("runs are laid over each other by what was held back", () => {
  const panels = overlaid([{ name: "one", metrics }, { name: "two", metrics: metrics.slice(2, 4) }]);
  expect(panels.map(({ title, series }) => [title, series.map(({ name }) => name)])).toEqual([["Loss", ["one", "two"]], ["Accuracy", ["one"]]]);
});

test("a figure that is told twice is kept once", () => {
  expect(merged(metrics.slice(0, 2), metrics.slice(1, 3))).toEqual(metrics.slice(0, 3));
});
