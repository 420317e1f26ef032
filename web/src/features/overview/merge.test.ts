import { expect, test } from "vitest";

import { withMinute } from "./merge";

import { minute, overview } from "@/testing/factories";


const MINUTE = 60_000;
const NOON = Date.parse("2026-06-12T12:00:30Z");
const THIS_MINUTE = Date.parse("2026-06-12T12:00:00Z");

test("a push replaces its minute, and the totals follow by the difference", () => {
  const before = overview(NOON);
  const replaced = before.series.at(-1);
  const after = withMinute(before, minute(THIS_MINUTE, 0, { requests: 1000, errors: 10, costUsd: 2 }), "2026-06-12T12:00:31Z");
  expect(after.series).toHaveLength(60);
  expect(after.totals.requests).toBe(before.totals.requests - (replaced?.requests ?? 0) + 1000);
  expect(after.totals.errorRate).toBeCloseTo(after.totals.errors / after.totals.requests);
  expect(after.totals.requestsPerSecond).toBeCloseTo(after.totals.requests / 3600);
  expect(after.asOf).toBe("2026-06-12T12:00:31Z");
});

test("a minute may be written with an offset and is still the same minute", () => {
  const after = withMinute(overview(NOON), minute(0, 0, { at: "2026-06-12T14:00:00+02:00" }), "2026-06-12T12:00:31Z");
  expect(after.series).toHaveLength(60);
});

test("a new minute comes and the one that left the window goes", () => {
  const before = overview(NOON);
  const later = THIS_MINUTE + 3 * MINUTE;
  const after = withMinute(before, minute(later, 0), new Date(later + 1000).toISOString());
  expect(after.series.at(-1)?.at).toBe(new Date(later).toISOString());
  expect(Date.parse(after.series[0]?.at ?? "")).toBeGreaterThan(later - 61 * MINUTE);
  const sum = after.series.reduce((total, { requests }) => total + requests, 0);
  expect(after.totals.requests).toBe(sum);
});

test("a push that is older than what is known changes nothing", () => {
  const before = overview(NOON);
  expect(withMinute(before, minute(THIS_MINUTE, 0, { requests: 1 }), "2026-06-12T12:00:29Z")).toBe(before);
});
