import { expect, test } from "vitest";

import { age, briefTime, clockTime, fullTime, timeTicks, zoneName } from "./time";

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
