/** The course of an experiment as bands. Pure. */

import { colourOf } from "./colours";

import type { Experiment, Results } from "@/api/experiments";
import type { Band } from "@/components/intervals/bands";

/** Measures that have a course, what decides first. */
export function chartedOf({ metrics }: Pick<Experiment, "metrics">, { history }: Pick<Results, "history">): string[] {
  const found = new Set(history.map(({ metric }) => metric));
  const order = ["primary", "guardrail", "secondary"];
  return [...metrics].sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role)).map(({ key }) => key).filter((key) => found.has(key));
}

/** A band for each arm, in the order of its looks. */
export function bandsOf({ arms }: Pick<Experiment, "arms">, { history }: Pick<Results, "history">, metric: string): Band[] {
  return arms.flatMap(({ name }, index) => {
    const points = history
      .filter((each) => each.metric === metric && each.arm === name)
      .flatMap(({ at, difference, low, high }) => (difference === null || low === null || high === null ? [] : [{ x: Date.parse(at), y: difference, low, high }]))
      .sort((a, b) => a.x - b.x);
    return points.length === 0 ? [] : [{ name, colour: colourOf(index), points }];
  });
}
