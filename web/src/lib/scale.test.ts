import { expect, test } from "vitest";

import { linear, niceCeiling, spread } from "./scale";

test("a linear scale maps its ends, and an empty domain does not divide by zero", () => {
  const scale = linear([0, 10], [100, 0]);
  expect([0, 5, 10].map(scale)).toEqual([100, 50, 0]);
  expect(linear([3, 3], [0, 10])(3)).toBe(0);
});

test("axes end on round numbers", () => {
  expect([0, 0.7, 1, 1.2, 37, 640, 8_200].map(niceCeiling)).toEqual([1, 0.8, 1, 2, 40, 800, 10_000]);
});

test("labels that would overlap move apart and stay inside", () => {
  expect(spread([10, 12, 50], 12, 6, 90)).toEqual([10, 22, 50]);
  expect(spread([88, 89, 90], 12, 6, 90)).toEqual([66, 78, 90]);
});
