import { expect, test } from "vitest";

import { age, axisLabel, briefTime, clockTime, fullTime, timeTicks, zoneName } from "./time";

test("an age is told in its largest unit, and never lies in the future", () => {
  expect([-5000, 400, 12_000, 125_000, 7_300_000, 2 * 86_400_000].map(age)).toEqual([
    "now",
    "now",
    "12 s ago",
    "2 min ago",
    "2 h ago",
    "2 d ago",
  ]);
});

test("the zone is named", () => {
  expect(zoneName(new Date("2026-06-01T12:00:00Z"))).toBe("Australia/Adelaide (UTC+09:30)");
});

test("ticks fall on round moments of the viewer's clock", () => {
  const from = Date.parse("2026-06-01T11:52:00Z");
  expect(timeTicks(from, from + 3_600_000, 6).map(clockTime)).toEqual(["21:30", "21:40", "21:50", "22:00", "22:10", "22:20"]);
  expect(timeTicks(from, from + 86_400_000, 6).map(clockTime)).toEqual(["00:00", "04:00", "08:00", "12:00", "16:00", "20:00"]);
  // A phone has room for three.
  expect(timeTicks(from, from + 86_400_000, 3).map(clockTime)).toEqual(["00:00", "08:00", "16:00"]);
});

test("today is told by the clock, any other day by its date, both of the viewer's zone", () => {
  const now = Date.parse("2026-06-01T16:00:00Z");
  expect(briefTime("2026-06-01T15:59:41Z", now)).toBe("01:29:41");
  expect(briefTime("2026-06-01T14:00:00Z", now)).toBe("1 Jun, 23:30");
});

test("milliseconds are told where there are any", () => {
  expect(fullTime("2026-06-12T10:00:41Z")).toBe("Fri, 12 Jun 2026, 19:30:41 GMT+9:30");
  expect(fullTime("2026-06-12T10:00:41.250Z")).toBe("Fri, 12 Jun 2026, 19:30:41.250 GMT+9:30");
});

test("a long axis tells days, and a longer one months", () => {
  const from = Date.parse("2026-05-31T14:30:00Z");
  const to = from + 30 * 86_400_000;
  const days = timeTicks(from, to, 6);
  expect(days.map((at) => axisLabel(at, from, to))).toEqual(["1 Jun", "8 Jun", "15 Jun", "22 Jun", "29 Jun"]);
  const year = from + 365 * 86_400_000;
  expect(timeTicks(from, year, 5).map((at) => axisLabel(at, from, year))).toEqual(["Jun 2026", "Sept 2026", "Dec 2026", "Mar 2027", "Jun 2027"]);
  const two = from + 2 * 86_400_000;
  expect(timeTicks(from, two, 4).map((at) => axisLabel(at, from, two))).toEqual(["1 Jun", "12:00", "2 Jun", "12:00", "3 Jun"]);
});
