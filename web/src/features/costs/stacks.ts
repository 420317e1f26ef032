/** What the picture is drawn from: the dearest values apart, the others together. Pure. */

import { labelOf } from "./words";

import type { CostItem, CostReport } from "@/api/schema.gen";
import { category } from "@/lib/category";

/** One colour is left for the others. */
const APART = 7;
export const OTHERS = "var(--quiet)";

export interface Stack {
  name: string;
  fill: string;
  /** In each step. */
  costs: number[];
}

/** A model has its colour everywhere; other values have one on this page. */
export function fills(by: string, items: readonly CostItem[]): string[] {
  const shown = items.slice(0, APART);
  const known = by === "model" ? shown.map(({ value }) => category(value ?? "")) : [];
  const apart = new Set(known).size === shown.length;
  return shown.map((_, index) => (apart ? (known[index] ?? OTHERS) : `var(--category-${index + 1})`));
}

export function stacks(report: CostReport): Stack[] {
  const by = report.by ?? "model";
  const colours = fills(by, report.items);
  const apart = report.items.slice(0, APART);
  const others = [...report.items.slice(APART), ...(report.rest ? [report.rest] : [])];
  const made = apart.map((item, index) => ({ name: labelOf(by, item), fill: colours[index] ?? OTHERS, costs: item.costs }));
  if (others.length === 0) return made;
  const together = report.steps.map((_, step) => others.reduce((sum, { costs }) => sum + (costs[step] ?? 0), 0));
  return [...made, { name: "Others", fill: OTHERS, costs: together }];
}

/** Where each step begins and ends. The last may not be over yet: it is as wide as the one before. */
export function spansOf({ steps, to }: CostReport): { start: number; end: number }[] {
  const starts = steps.map(({ at }) => Date.parse(at));
  const [last = 0, before = last] = starts.slice(-2).reverse();
  const over = Math.max(Date.parse(to), last + (last - before));
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? over }));
}
