import { describe, expect, test } from "vitest";

import { answer, axesOf, course, ranked } from "./searched";

import type { Trials } from "@/api/learning";
import { trials } from "@/testing/training";

const heightsOf = (searched: Trials) => course(searched)?.series[0]?.points.map(({ y }) => y) ?? [];

describe("a search", () => {
  test("has the best trial first, and those without a value last", () => {
    const order = ranked(trials()).map(({ number }) => number);
    expect(order[0]).toBe(trials().best);
    expect(ranked(trials()).at(-1)?.value).toBeNull();
  });

  test("draws the best until each trial, which never falls", () => {
    const heights = heightsOf(trials());
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(heightsOf({ ...trials(), direction: "minimize" }).at(-1)).toBe(0.8322);
    expect(course(trials())?.series.map(({ dots }) => dots)).toEqual([undefined, true]);
    expect(course({ ...trials(), items: [] })).toBeNull();
  });

  test("has an axis for each parameter, by factors where it spans tens, and choices in their order", () => {
    const [l2, weights, value] = axesOf(trials());
    expect(l2?.name).toBe("regularization.l2");
    expect(l2?.place(0.01)).toBe(0);
    expect(l2?.place(30)).toBe(1);
    expect(l2?.place(Math.sqrt(0.01 * 30))).toBeCloseTo(0.5);
    expect([weights?.place("balanced"), weights?.place("none"), weights?.place(undefined)]).toEqual([0, 1, null]);
    expect(value?.title).toBe("Macro F1");
  });

  test("says how far it is", () => {
    expect(answer(trials(), false)).toMatch(/^8 of 12 trials; the best is trial 6 with 93\.5\s% macro F1\.$/);
    expect(answer({ ...trials(), items: [], best: null }, false)).toBe("0 of 12 trials; none is complete yet.");
  });
});
