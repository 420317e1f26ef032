import { expect, test } from "vitest";

import { bins } from "./bins";

import { overview } from "@/testing/factories";


const NOON = Date.parse("2026-06-12T12:00:30Z");
const entry = (at: string, requests: number, p95Ms: number | null) => ({
  at,
  requests,
  errors: 1,
  costUsd: 0.5,
  p50Ms: p95Ms,
  p95Ms,
  p99Ms: p95Ms,
});

test("every minute of the window has its bar, also those without traffic", () => {
  const cut = bins(overview(NOON, { series: [entry("2026-06-12T11:58:00Z", 60, 900)] }));
  expect(cut).toHaveLength(60);
  expect(cut.at(-1)).toMatchObject({ start: Date.parse("2026-06-12T12:00:00Z"), requests: 0, p95Ms: null, seconds: 30 });
  expect(cut.at(-3)).toMatchObject({ requests: 60, p95Ms: 900, seconds: 60 });
});

test("wider bars add up what can be added and keep the worst of what cannot", () => {
  const series = [entry("2026-06-12T11:50:00Z", 60, 900), entry("2026-06-12T11:52:00+00:00", 40, 1200), entry("2026-06-12T11:54:00Z", 1, null)];
  const cut = bins(overview(NOON, { window: "6h", series }));
  expect(cut).toHaveLength(72);
  expect(cut.at(-3)).toMatchObject({ requests: 101, errors: 3, costUsd: 1.5, p95Ms: 1200, seconds: 300 });
});

test("minutes outside of the window are left out", () => {
  const cut = bins(overview(NOON, { series: [entry("2026-06-12T09:00:00Z", 60, 900), entry("2026-06-12T13:00:00Z", 60, 900)] }));
  expect(cut.reduce((sum, { requests }) => sum + requests, 0)).toBe(0);
});
