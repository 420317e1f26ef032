import { expect, test } from "vitest";

import { isZone, nextTimes, readCron } from "./cron";

const AFTER = Date.parse("2026-06-12T10:00:41Z");

function next(line: string, zone = "UTC", after = AFTER, count = 3): string[] {
  const cron = readCron(line);
  if (typeof cron === "string") throw new Error(cron);
  return nextTimes(cron, zone, after, count).map((at) => new Date(at).toISOString().slice(0, 16));
}

test("every night, by the clock of the zone", () => {
  expect(next("30 2 * * *")).toEqual(["2026-06-13T02:30", "2026-06-14T02:30", "2026-06-15T02:30"]);
  expect(next("30 2 * * *", "Europe/Berlin")).toEqual(["2026-06-13T00:30", "2026-06-14T00:30", "2026-06-15T00:30"]);
});

test("steps, lists, ranges and names", () => {
  expect(next("*/20 10 * * *")).toEqual(["2026-06-12T10:20", "2026-06-12T10:40", "2026-06-13T10:00"]);
  expect(next("0 1,13 * * mon-fri")).toEqual(["2026-06-12T13:00", "2026-06-15T01:00", "2026-06-15T13:00"]);
  expect(next("0 0 * * 7")).toEqual(["2026-06-14T00:00", "2026-06-21T00:00", "2026-06-28T00:00"]);
  expect(next("0 0 1 jan *", "UTC", AFTER, 2)).toEqual(["2027-01-01T00:00", "2028-01-01T00:00"]);
});

test("either day where both are said", () => {
  expect(next("0 0 20 * sun")).toEqual(["2026-06-14T00:00", "2026-06-20T00:00", "2026-06-21T00:00"]);
});

test("an hour that is skipped is left out, and none comes twice", () => {
  const before = Date.parse("2026-03-28T00:00:00Z");
  expect(next("30 2 * * *", "Europe/Berlin", before)).toEqual(["2026-03-28T01:30", "2026-03-30T00:30", "2026-03-31T00:30"]);
  expect(next("30 2 * * *", "Europe/Berlin", Date.parse("2026-10-24T12:00:00Z"), 2)).toHaveLength(2);
});

test("what never comes round has no time", () => {
  expect(next("0 0 31 2 *")).toEqual([]);
});

test.each([
  ["", "Five fields"],
  ["0 2 * *", "Five fields"],
  ["61 2 * * *", "minute"],
  ["0 x * * *", "hour"],
  ["0 2 0 * *", "day of the month"],
  ["0 2 * 13 *", "month"],
  ["0 2 * * */0", "day of the week"],
])("%s is told to be wrong", (line, words) => {
  expect(readCron(line)).toContain(words);
});

test("a zone is one that the browser knows", () => {
  expect(["Europe/Berlin", "UTC", "", "Mars/Base"].map(isZone)).toEqual([true, true, false, false]);
});
