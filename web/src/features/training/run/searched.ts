/** What a search tried, as curves, as lines across its parameters, and in a sentence. Pure. */

import type { Trial, Trials } from "@/api/learning";
import type { CurvePanel } from "@/components/curves/curves";
import { plural } from "@/lib/format";
import { figure, measure, measureInWords, number } from "@/lib/measures";
import { linear } from "@/lib/scale";

export const stateWords: Record<Trial["state"], string> = { running: "Running", complete: "Complete", pruned: "Ended early", failed: "Failed" };

const better = ({ direction }: Pick<Trials, "direction">) => (direction === "minimize" ? (a: number, b: number) => a < b : (a: number, b: number) => a > b);

/** Trials with the best first; what has no value comes last, in the order it was begun. */
export function ranked(trials: Trials): Trial[] {
  const before = better(trials);
  return [...trials.items].sort((a, b) => (a.value === null || b.value === null ? Number(a.value === null) - Number(b.value === null) : a.value === b.value ? 0 : before(a.value, b.value) ? -1 : 1) || a.number - b.number);
}

export const objectiveOf = ({ objective }: Pick<Trials, "objective">): string => objective ?? "value";

/** Each trial for itself, and the best until then. */
export function course(trials: Trials): CurvePanel | null {
  const name = objectiveOf(trials);
  const known = trials.items.filter((each): each is Trial & { value: number } => each.value !== null && each.state === "complete");
  if (known.length < 2) return null;
  const before = better(trials);
  let best = known[0]?.value ?? 0;
  const points = known.map(({ number: x, value: y }) => ({ x: x + 1, y }));
  const reached = points.map(({ x, y }) => {
    if (before(y, best)) best = y;
    return { x, y: best };
  });
  return {
    title: measure(name),
    format: (value) => figure(name, value),
    share: known.every(({ value }) => value >= 0 && value <= 1),
    series: [
      { name: "best so far", colour: "var(--category-1)", points: reached },
      { name: "trial", colour: "var(--category-2)", points, dots: true },
    ],
  };
}

export interface Axis {
  name: string;
  title: string;
  /** From 0, below, to 1, above. */
  place: (value: unknown) => number | null;
  low: string;
  high: string;
}

/** An axis for each parameter that was searched, and the last one for what it came to. */
export function axesOf(trials: Trials): Axis[] {
  const names = [...new Set(trials.items.flatMap(({ params }) => Object.keys(params)))];
  const axes = names.flatMap((name) => axis(name, name, trials.items.map(({ params }) => params[name])));
  const told = objectiveOf(trials);
  const values = axis(told, measure(told), trials.items.map(({ value }) => value ?? undefined), (value) => figure(told, value));
  return [...axes, ...values];
}

function axis(name: string, title: string, values: readonly unknown[], format: (value: number) => string = number): Axis[] {
  const known = values.filter((value) => value !== undefined && value !== null);
  const numbers = known.filter((value): value is number => typeof value === "number");
  if (known.length === 0) return [];
  if (numbers.length < known.length) return [choices(name, title, known.map(text))];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  // What spans more than two tens is looked for by factors.
  const factors = low > 0 && high / low > 100;
  const place = linear(factors ? [Math.log(low), Math.log(high)] : [low, high], [0, 1]);
  const middle = low === high;
  return [{ name, title, low: format(low), high: format(high), place: (value) => (typeof value !== "number" ? null : middle ? 0.5 : place(factors ? Math.log(value) : value)) }];
}

function choices(name: string, title: string, values: readonly string[]): Axis {
  const known = [...new Set(values)].sort();
  const last = Math.max(known.length - 1, 1);
  return { name, title, low: known[0] ?? "", high: known.at(-1) ?? "", place: (value) => (value === undefined || value === null ? null : known.length === 1 ? 0.5 : known.indexOf(text(value)) / last) };
}

export const text = (value: unknown): string => (typeof value === "number" ? number(value) : typeof value === "string" ? value : JSON.stringify(value));

/** How far the search is, and what it found. */
export function answer(trials: Trials, over: boolean): string {
  const ended = trials.items.filter(({ state }) => state !== "running").length;
  const best = trials.items.find(({ number: each }) => each === trials.best);
  const found = best && best.value !== null ? `the best is trial ${best.number + 1} with ${figure(objectiveOf(trials), best.value)} ${measureInWords(objectiveOf(trials))}` : "none is complete yet";
  const count = over ? `${plural(ended, "trial")} of ${trials.wanted}` : `${ended} of ${plural(trials.wanted, "trial")}`;
  return `${count}; ${found}.`;
}
