/** What runs are compared by: figures, what they took, and every parameter of any of them. Pure. */

import { datasetOf } from "./words";

import type { Run } from "@/api/learning";
import { figuresOf } from "@/lib/evidence";
import { bytes, DASH, usd } from "@/lib/format";
import { figure, isShare, measure, number } from "@/lib/measures";
import { taskName } from "@/lib/tasks";
import { span } from "@/lib/time";

export interface ComparedRow {
  name: string;
  values: string[];
  /** Which is the best; null where there is no better or worse. */
  best: number | null;
  differs: boolean;
}

/** What runs are called beside each other: by their model, and by a number where it is the same. */
export function namesOf(runs: readonly Pick<Run, "model">[]): string[] {
  const models = new Set(runs.map(({ model }) => model));
  return models.size === runs.length ? runs.map(({ model }) => model) : runs.map(({ model }, index) => `${model} ${index + 1}`);
}

/** Errors and losses are the better the smaller they are. */
const SMALLER = /loss|ece|error|alarms|ms$/i;

export function comparedRows(runs: readonly Run[]): ComparedRow[] {
  const figures = runs.map((run) => figuresOf(run.figures));
  const names = [...new Set(figures.flatMap(Object.keys))];
  const params = runs.map(({ spec }) => flat(spec["params"]));
  return [
    ...names.map((name) => measured(name, figures.map((each) => each[name] ?? null))),
    row("Took", runs.map(({ resources }) => (resources.seconds > 0 ? span(Math.round(resources.seconds)) : DASH))),
    row("Most memory", runs.map(({ resources }) => (resources.peakMemoryBytes > 0 ? bytes(resources.peakMemoryBytes) : DASH))),
    row("Cost", runs.map(({ costUsd }) => usd(costUsd))),
    row("Dataset", runs.map(({ dataset }) => (dataset ? datasetOf(dataset) : DASH))),
    row("Task", runs.map(({ task }) => taskName(task))),
    row("Engine", runs.map(({ engine }) => engine)),
    ...[...new Set(params.flatMap(Object.keys))].sort().map((name) => row(name, params.map((each) => each[name] ?? "usual"))),
    row("Seed", runs.map(({ spec }) => (typeof spec["seed"] === "number" ? String(spec["seed"]) : DASH))),
  ];
}

function row(name: string, values: string[]): ComparedRow {
  return { name, values, best: null, differs: new Set(values).size > 1 };
}

function measured(name: string, values: readonly (number | null)[]): ComparedRow {
  const known = values.filter((value) => value !== null);
  const judged = isShare(name) || SMALLER.test(name);
  const best = SMALLER.test(name) ? Math.min(...known) : Math.max(...known);
  const differs = new Set(values).size > 1;
  return {
    name: name === "examples" ? "Test examples" : measure(name),
    values: values.map((value) => (value === null ? DASH : figure(name, value))),
    best: differs && judged && known.length > 1 && known.filter((value) => value === best).length === 1 ? values.indexOf(best) : null,
    differs,
  };
}

function flat(value: unknown, before = ""): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]: [string, unknown]): [string, string][] =>
      typeof each === "object" && each !== null && !Array.isArray(each)
        ? Object.entries(flat(each, `${before}${name}.`))
        : [[before + name, typeof each === "number" ? number(each) : typeof each === "string" ? each : JSON.stringify(each)]],
    ),
  );
}
