import { spans } from "./windows";

import type { Minute, Overview } from "@/api/schema";


/**
 * Brings an overview up to a push: the pushed minute replaces its older self, minutes that left the window go,
 * and the totals follow by the difference. What cannot be followed (percentiles, tokens, model mix) waits for the next answer.
 */
export function withMinute(overview: Overview, minute: Minute, timestamp: string): Overview {
  const now = Date.parse(timestamp);
  if (now < Date.parse(overview.asOf)) return overview;
  const edge = now - spans[overview.window].milliseconds - 60_000;
  const start = Date.parse(minute.at);
  const kept = overview.series.filter(({ at }) => Date.parse(at) !== start && Date.parse(at) > edge);
  const series = [...kept, minute].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

  const difference = (of: (entry: Minute) => number) => sum(series, of) - sum(overview.series, of);
  const requests = overview.totals.requests + difference((entry) => entry.requests);
  const errors = overview.totals.errors + difference((entry) => entry.errors);
  const totals = {
    ...overview.totals,
    requests,
    errors,
    errorRate: requests > 0 ? errors / requests : 0,
    costUsd: Math.max(0, overview.totals.costUsd + difference((entry) => entry.costUsd)),
    requestsPerSecond: (requests * 1000) / spans[overview.window].milliseconds,
  };
  return { ...overview, asOf: timestamp, series, totals };
}

function sum(series: Minute[], of: (entry: Minute) => number): number {
  return series.reduce((total, entry) => total + of(entry), 0);
}
