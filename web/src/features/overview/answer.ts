import { spans } from "./windows";

import type { ModelShare, Overview } from "@/api/schema";
import { count, duration, percent, plural, usd } from "@/lib/format";
import { rose, wilson } from "@/lib/statistics";


/** Changes smaller than these are everyday. */
const COST_CHANGE = 0.1;
const TRAFFIC_CHANGE = 0.2;
const SLOWER = 1.25;
const ALARMING_ERROR_RATE = 0.05;
/** A p95 of fewer requests moves by chance. */
const ENOUGH_FOR_P95 = 100;

type Rule = (overview: Overview) => string | null;

/** What now? The most urgent thing that the figures say, in a sentence; only what they do say. */
export function answer(overview: Overview): string {
  for (const rule of [silence, failures, slowness, costs, traffic, firstWindow]) {
    const sentence = rule(overview);
    if (sentence !== null) return sentence;
  }
  const { requests, errorRate } = overview.totals;
  const { last, before } = spans[overview.window];
  return `Steady: ${plural(requests, "request")} in ${last}, ${percent(errorRate)} failed, much as in ${before}.`;
}

const silence: Rule = ({ totals, window }) => {
  const { last, before } = spans[window];
  if (totals.requests > 0) return null;
  if (totals.previous.requests === 0) return `No requests in ${last}, nor in ${before}.`;
  return `No requests in ${last}; there were ${count(totals.previous.requests)} in ${before}.`;
};

/** Whether the error rate rose by more than chance. */
export function failsMore({ requests, errors, previous }: Overview["totals"]): boolean {
  const before = { successes: Math.round(previous.errorRate * previous.requests), total: previous.requests };
  return rose({ successes: errors, total: requests }, before);
}

const failures: Rule = ({ totals, models, window }) => {
  const { last, before } = spans[window];
  const { requests, errors, errorRate, previous } = totals;
  const more = failsMore(totals);
  if (!more && wilson(errors, requests).low < ALARMING_ERROR_RATE) return null;
  const comparison = more ? `, up from ${percent(previous.errorRate)} in ${before}` : "";
  return `${percent(errorRate)} of requests failed in ${last}${comparison}${most(models, (model) => model.errors, "of the failures")}.`;
};

const slowness: Rule = ({ totals, models, window }) => {
  const { requests, p95Ms, previous } = totals;
  if (p95Ms === null || previous.p95Ms === null || Math.min(requests, previous.requests) < ENOUGH_FOR_P95) return null;
  if (p95Ms < previous.p95Ms * SLOWER || p95Ms - previous.p95Ms < 50) return null;
  const slowest = [...models].sort((a, b) => (b.p95Ms ?? 0) - (a.p95Ms ?? 0))[0];
  const where = models.length > 1 && slowest?.p95Ms ? `; the slowest is ${slowest.model} at ${duration(slowest.p95Ms)}` : "";
  return `Answers slowed: 95 % arrive within ${duration(p95Ms)}, against ${duration(previous.p95Ms)} in ${spans[window].before}${where}.`;
};

const costs: Rule = ({ totals, models, window }) => {
  const { costUsd, previous } = totals;
  const moved = change(costUsd, previous.costUsd);
  if (moved === null || Math.abs(moved) < COST_CHANGE || Math.abs(costUsd - previous.costUsd) < 0.01) return null;
  const verb = moved > 0 ? "rose" : "fell";
  const whose = most(models, (model) => model.costUsd, "of them");
  return `Costs ${verb} ${percent(Math.abs(moved))} against ${spans[window].before}, to ${usd(costUsd)}${whose}.`;
};

const traffic: Rule = ({ totals, window }) => {
  const moved = change(totals.requests, totals.previous.requests);
  if (moved === null || Math.abs(moved) < TRAFFIC_CHANGE) return null;
  const verb = moved > 0 ? "rose" : "fell";
  return `Traffic ${verb} ${percent(Math.abs(moved))} against ${spans[window].before}, to ${plural(totals.requests, "request")}; ${percent(totals.errorRate)} failed.`;
};

const firstWindow: Rule = ({ totals, window }) => {
  if (totals.previous.requests > 0) return null;
  const { last, before } = spans[window];
  return `${plural(totals.requests, "request")} in ${last}, ${percent(totals.errorRate)} failed, at a cost of ${usd(totals.costUsd)}; there were none in ${before}.`;
};

/** By how much a figure moved, as a share of what it was; null when there was nothing to compare with. */
export function change(now: number, before: number): number | null {
  return before > 0 ? now / before - 1 : null;
}

/** Names the model that carries most of something, when that says anything. */
function most(models: ModelShare[], of: (model: ModelShare) => number, what: string): string {
  const total = models.reduce((sum, model) => sum + of(model), 0);
  const first = [...models].sort((a, b) => of(b) - of(a))[0];
  if (!first || models.length < 2 || of(first) < total / 2 || total === 0) return "";
  return of(first) === total ? `; all ${what} come from ${first.model}` : `; ${percent(of(first) / total)} ${what} come from ${first.model}`;
}
