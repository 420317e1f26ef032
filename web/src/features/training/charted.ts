/** Which figures of a run are curves, and which are single values. Pure. */

import type { Metric } from "@/api/learning";
import type { CurvePanel } from "@/components/curves/curves";
import type { Series } from "@/components/curves/points";
import { figure, isShare, measure } from "@/lib/measures";

const HELD_OUT = "heldOut";
const SPLITS: Record<string, string> = { [HELD_OUT]: "held out" };
const COLOURS: Record<string, string> = { train: "var(--category-2)", validation: "var(--category-1)", [HELD_OUT]: "var(--category-1)", test: "var(--category-4)" };
/** Splits that say how good it is, as they are shown. */
const JUDGING = new Set(["validation", "held out"]);
const OTHER = "var(--category-3)";
const ORDER = ["loss", "accuracy", "macroF1", "macro_f1", "spanF1", "f1"];

export type Along = "step" | "epoch";

const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

/** Whether epochs are told: then curves can be read along them. */
export const hasEpochs = (metrics: readonly Metric[]): boolean => new Set(metrics.map(({ epoch }) => epoch).filter((epoch) => epoch !== null)).size > 1;

/** A panel for each measure that has a course, with a curve for each split. */
export function panelsOf(metrics: readonly Metric[], along: Along): CurvePanel[] {
  const names = [...new Set(metrics.map(({ name }) => name))].sort((a, b) => rank(a) - rank(b));
  return names.flatMap((name) => {
    const own = metrics.filter((each) => each.name === name);
    const splits = [...new Set(own.map(({ split }) => split))];
    const series = splits.map((split): Series => ({ name: SPLITS[split] ?? split, colour: COLOURS[split] ?? OTHER, points: pointsOf(own.filter((each) => each.split === split), along) }));
    const courses = series.filter(({ points }) => points.length > 1);
    return courses.length === 0 ? [] : [panelOf(name, courses, own)];
  });
}

function panelOf(name: string, series: readonly Series[], own: readonly Metric[]): CurvePanel {
  const share = isShare(name) && own.every(({ value }) => value >= 0 && value <= 1);
  return { title: measure(name), series, share, format: (value) => figure(name, value) };
}

function pointsOf(metrics: readonly Metric[], along: Along) {
  const places = new Map<number, number>();
  for (const each of metrics) places.set(along === "epoch" ? (each.epoch ?? each.step) : each.step, each.value);
  return [...places].map(([x, y]) => ({ x, y })).sort((a, b) => a.x - b.x);
}

/** Measures of several runs overlaid: one panel for each that two or more share a course of, one curve for each run. */
export function overlaid(runs: readonly { name: string; metrics: readonly Metric[] }[]): CurvePanel[] {
  const each = runs.map(({ name, metrics }, index) => ({ name, colour: `var(--category-${index + 1})`, panels: panelsOf(metrics, "step") }));
  const titles = [...new Set(each.flatMap(({ panels }) => panels.map(({ title }) => title)))];
  return titles.flatMap((title) => {
    const found = each.flatMap(({ name, colour, panels }) => {
      const panel = panels.find((one) => one.title === title);
      // What was held back says how good it is; where nothing was, what was learned from.
      const curve = panel?.series.find(({ name: split }) => JUDGING.has(split)) ?? panel?.series[0];
      return panel && curve ? [{ panel, series: { ...curve, name, colour } }] : [];
    });
    const [first] = found;
    return first ? [{ ...first.panel, title, series: found.map(({ series }) => series) }] : [];
  });
}
