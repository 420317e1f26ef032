import { spans } from "./windows";

import type { Minute, Overview } from "@/api/schema";


/** What one bar of the picture stands for. */
export interface Bin {
  start: number;
  end: number;
  /** Seconds of it that have passed; the newest is still filling. */
  seconds: number;
  requests: number;
  errors: number;
  costUsd: number;
  /** Percentiles cannot be added up, so each is that of the worst minute; null without traffic. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

/** A rate over less than this is noise. */
const SHORTEST_SECONDS = 5;

/** Cuts the window into even bins, oldest first; minutes without traffic count as zero. */
export function bins({ asOf, window, series }: Overview): Bin[] {
  const { milliseconds, bin } = spans[window];
  const now = Date.parse(asOf);
  const last = Math.floor(now / bin) * bin;
  const result = Array.from({ length: milliseconds / bin }, (_, index) => empty(last - milliseconds + (index + 1) * bin, bin, now));
  const first = result[0]?.start ?? 0;
  for (const minute of series) {
    const target = result[Math.floor((Date.parse(minute.at) - first) / bin)];
    if (target) add(target, minute);
  }
  return result;
}

function empty(start: number, bin: number, now: number): Bin {
  const seconds = Math.max(SHORTEST_SECONDS, Math.min(bin, now - start) / 1000);
  return { start, end: start + bin, seconds, requests: 0, errors: 0, costUsd: 0, p50Ms: null, p95Ms: null, p99Ms: null };
}

function add(bin: Bin, minute: Minute): void {
  bin.requests += minute.requests;
  bin.errors += minute.errors;
  bin.costUsd += minute.costUsd;
  for (const name of ["p50Ms", "p95Ms", "p99Ms"] as const) {
    const value = minute[name];
    if (value !== null) bin[name] = Math.max(bin[name] ?? 0, value);
  }
}
