import { expect, test } from "vitest";

import { indexAt, thinned, unbroken, valuesOf, type Measured, shareTicks } from "./scale";

const point = (at: number, value: number | null): Measured => ({ at, value, low: value === null ? null : value - 0.1, high: value === null ? null : value + 0.1, n: 10 });

test("there is room for intervals and for levels", () => {
  expect(valuesOf([point(0, 0.5)], [{ value: 0.95, name: "bar" }])).toEqual([0.5, 0.4, 0.6, 0.95]);
});

test("a line breaks where nothing was measured, and where nobody measured for long", () => {
  const points = [point(0, 1), point(10, 2), point(20, null), point(30, 3), point(100, 4), point(110, 5)];
  expect(unbroken(points).map((run) => run.map(({ at }) => at))).toEqual([[0, 10], [30], [100, 110]]);
});

test("the cursor stops at what was measured", () => {
  const points = [point(0, 1), point(10, 2), point(40, 3)];
  expect([-5, 4, 6, 26, 99].map((at) => indexAt(points, at))).toEqual([0, 0, 1, 2, 2]);
});

test("a small picture tells the newest of each part", () => {
  expect(thinned([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([3, 5, 7]);
  expect(thinned([1, 2], 3)).toEqual([1, 2]);
});

test("no two marks of an axis read the same", () => {
  const read = (ticks: number[]) => ticks.map(shareTicks(ticks));
  expect(read([0, 0.5, 1])).toEqual(["0\u202f%", "50\u202f%", "100\u202f%"]);
  expect(read([0.9999, 0.999925, 0.99995, 0.999975, 1])).toEqual(["99.9900\u202f%", "99.9925\u202f%", "99.9950\u202f%", "99.9975\u202f%", "100.0000\u202f%"]);
});
