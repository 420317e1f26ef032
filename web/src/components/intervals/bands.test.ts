import { expect, test } from "vitest";

import { boundsOf, describe, type Band } from "./bands";

const band: Band = {
  name: "treatment",
  colour: "red",
  points: [
    { x: 0, y: 0.2, low: -0.6, high: 1 },
    { x: 1, y: 0.05, low: -0.1, high: 0.2 },
    { x: 2, y: 0.04, low: 0.01, high: 0.07 },
  ],
};

test("what was wide in the beginning does not flatten the rest, and zero is in sight", () => {
  expect(boundsOf([band])).toEqual([-0.1, 0.2]);
  expect(boundsOf([{ ...band, points: band.points.slice(2) }])).toEqual([0, 0.07]);
  expect(boundsOf([])).toEqual([0, 0]);
});

test("a moment is read out", () => {
  expect(describe([band], 2, (value) => value.toFixed(2))).toContain("treatment 0.04, 0.01 to 0.07");
});
