import { expect, test } from "vitest";

import { nearest, niceTicks, pathOf, positions, type Series } from "./points";

const series = (...steps: number[]): Series => ({ name: "loss", colour: "red", points: steps.map((x) => ({ x, y: x * 2 })) });

test.each([
  [0.32, 1.9, false],
  [0.871, 0.934, true],
  [0, 0, false],
  [5, 5, false],
  [-0.4, 0.2, false],
  [1e-5, 3e-5, false],
  [1, 1, true],
  [0, 0, true],
])("ticks enclose %d to %d", (low, high, share) => {
  const ticks = niceTicks(low, high, share);
  expect(ticks.length).toBeGreaterThanOrEqual(2);
  expect(ticks.length).toBeLessThanOrEqual(7);
  expect(Math.min(...ticks)).toBeLessThanOrEqual(low);
  expect(Math.max(...ticks)).toBeGreaterThanOrEqual(high);
});

test("a share has no ticks above one, nor below zero", () => {
  expect(niceTicks(0.97, 1, true).at(-1)).toBe(1);
  expect(niceTicks(1, 1, true).at(-1)).toBe(1);
  expect(niceTicks(0, 0, true)[0]).toBe(0);
});

test("the cursor stops as often as there are steps", () => {
  expect(positions([series(0, 10, 20), series(10, 30)])).toEqual([0, 10, 20, 30]);
  expect(positions([series(4)])).toEqual([4]);
  expect(positions([])).toEqual([]);
  expect(positions([series(...Array.from({ length: 5000 }, (_, step) => step))])).toHaveLength(240);
});

test("the nearest point is found, before and behind", () => {
  const { points } = series(0, 10, 20);
  expect([-5, 4, 6, 14.9, 99].map((x) => nearest(points, x)?.x)).toEqual([0, 0, 10, 10, 20]);
  expect(nearest([], 3)).toBeNull();
});

test("a lone point is a dot", () => {
  const same = (value: number) => value;
  expect(pathOf(series(3).points, same, same)).toBe("M3.0 6.0h0");
  expect(pathOf(series(3, 4).points, same, same)).toBe("M3.0 6.0L4.0 8.0");
});
