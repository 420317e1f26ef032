import { expect, test } from "vitest";

import { rose, wilson } from "./statistics";

test("Wilson's interval matches published values", () => {
  // Newcombe (1998), Statistics in Medicine 17:857, table I, method 3.
  const published: [number, number, number, number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [successes, total, low, high] of published) {
    const interval = wilson(successes, total);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  }
});

test("nothing seen is nothing known, and all failed is still all", () => {
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  expect(wilson(5, 5).high).toBe(1);
});

test("a share rose only when chance does not explain it", () => {
  expect(rose({ successes: 2, total: 20 }, { successes: 1, total: 20 })).toBe(false);
  expect(rose({ successes: 90, total: 1000 }, { successes: 4, total: 1000 })).toBe(true);
  expect(rose({ successes: 4, total: 1000 }, { successes: 90, total: 1000 })).toBe(false);
  expect(rose({ successes: 1, total: 1 }, { successes: 0, total: 0 })).toBe(false);
  expect(rose({ successes: 0, total: 10 }, { successes: 0, total: 10 })).toBe(false);
});
