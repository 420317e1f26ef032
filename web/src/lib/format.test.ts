import { expect, test } from "vitest";

import { count, duration, orDash, percent, percentInterval, plural, price, rate, usd, usdExact } from "./format";

test("counts are grouped, and shortened from a million", () => {
  expect([0, 999, 48_204, 1_240_000, 3.2e9].map(count)).toEqual(["0", "999", "48,204", "1.24\u202fM", "3.20\u202fbn"]);
});

test("rates keep the digits that matter", () => {
  expect([0, 0.034, 3.42, 48.06, 812.4].map(rate)).toEqual(["0", "0.03", "3.4", "48.1", "812"]);
});

test("small shares are not rounded to nothing", () => {
  expect([0, 0.0004, 0.0042, 0.5].map(percent)).toEqual(["0\u202f%", "0.04\u202f%", "0.4\u202f%", "50\u202f%"]);
});

test("an interval shows as many digits as tell its ends apart", () => {
  expect(percentInterval(0.06, 0.79)).toBe("6 to 79\u202f%");
  expect(percentInterval(0.00158, 0.00223)).toBe("0.16 to 0.22\u202f%");
  expect(percentInterval(0.002, 0.002)).toBe("0.200 to 0.200\u202f%");
});

test("prices stand under each other by their cents", () => {
  expect(["0", "2.5", "10", "0.075", "1250.000001"].map(price)).toEqual(["$0.00", "$2.50", "$10.00", "$0.075", "$1,250.000001"]);
});

test("money shows cents when large and micro-dollars when small", () => {
  expect([0, 0.0000004, 0.000412, 0.042, 4.125, 1234.4].map(usd)).toEqual([
    "$0",
    "< $0.000001",
    "$0.000412",
    "$0.042",
    "$4.13",
    "$1,234",
  ]);
  expect(usdExact(0.0123)).toBe("$0.012300");
});

test("durations change unit without showing 60 s or 1,000 ms", () => {
  expect([12, 999.6, 1240, 12_400, 59_980, 125_000].map(duration)).toEqual([
    "12 ms",
    "1.00 s",
    "1.24 s",
    "12.4 s",
    "1 min 0 s",
    "2 min 5 s",
  ]);
});

test("what was not measured is a dash, not a zero", () => {
  expect(orDash(null, duration)).toBe("–");
  expect(orDash(0, duration)).toBe("0 ms");
});

test("one is singular", () => {
  expect([plural(1, "request"), plural(0, "request"), plural(2, "entry", "entries")]).toEqual([
    "1 request",
    "0 requests",
    "2 entries",
  ]);
});
