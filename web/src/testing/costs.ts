import type { CostItem, CostReport } from "@/api/schema.gen";

/** Example costs, the same on every run. */

const DAY = 86_400_000;
const FIRST = Date.parse("2026-05-14T00:00:00Z");
const DAYS = 30;

interface Parts {
  value: string | null;
  label?: string;
  /** A day, about. */
  dollars: number;
  before?: number;
  revenue?: number;
}

const wave = (day: number, place: number) => 0.75 + 0.2 * Math.sin(day * 1.7 + place) + (day % 7 > 4 ? -0.35 : 0.1) + day / 90;

export function costItem({ value, label, dollars, before, revenue }: Parts, place = 0): CostItem {
  const costs = Array.from({ length: DAYS }, (_, day) => Math.round(dollars * wave(day, place) * 1e6) / 1e6);
  const costUsd = costs.reduce((sum, each) => sum + each, 0);
  const calls = Math.round(costUsd * 310);
  return {
    value,
    label: label ?? null,
    calls,
    inputTokens: calls * 812,
    cachedTokens: calls * 240,
    cacheWriteTokens: calls * 31,
    outputTokens: calls * 214,
    reasoningTokens: calls * 12,
    costUsd,
    averageCostUsd: costUsd / calls,
    estimatedShare: 0.004,
    earningCalls: revenue === undefined ? 0 : Math.round(calls / 8),
    revenueUsd: revenue ?? null,
    marginUsd: revenue === undefined ? null : revenue - costUsd,
    share: 0,
    costs,
    before: { calls: Math.round((before ?? 0) * 300), costUsd: before ?? 0, revenueUsd: null },
  };
}

const models: Parts[] = [
  { value: "assistant-4", dollars: 31, before: 640, revenue: 2410 },
  { value: "sonata-3", dollars: 14, before: 402, revenue: 980.5 },
  { value: "assistant-4-mini", dollars: 6.4, before: 171 },
  { value: "gemini-large", dollars: 3.1 },
  { value: "embedder", dollars: 0.7, before: 20.4 },
  { value: "venue-tuned-1.3.0", dollars: 0.4, before: 44.8 },
];

export function costReport(parts: readonly Parts[] = models, by = "model"): CostReport {
  const found = parts.map((each, place) => costItem(each, place));
  const sum = (of: (item: CostItem) => number) => found.reduce((all, item) => all + of(item), 0);
  const costUsd = sum((item) => item.costUsd);
  const earns = found.some(({ revenueUsd }) => revenueUsd !== null);
  const revenueUsd = earns ? sum((item) => item.revenueUsd ?? 0) : null;
  const calls = sum((item) => item.calls);
  return {
    asOf: "2026-06-12T10:00:41Z",
    from: new Date(FIRST).toISOString(),
    to: new Date(FIRST + DAYS * DAY).toISOString(),
    beforeFrom: new Date(FIRST - DAYS * DAY).toISOString(),
    beforeTo: new Date(FIRST).toISOString(),
    zone: "UTC",
    by,
    step: "day",
    total: {
      calls,
      inputTokens: sum((item) => item.inputTokens),
      cachedTokens: sum((item) => item.cachedTokens),
      cacheWriteTokens: sum((item) => item.cacheWriteTokens),
      outputTokens: sum((item) => item.outputTokens),
      reasoningTokens: sum((item) => item.reasoningTokens),
      costUsd,
      averageCostUsd: calls > 0 ? costUsd / calls : null,
      estimatedShare: calls > 0 ? 0.004 : 0,
      earningCalls: sum((item) => item.earningCalls),
      revenueUsd,
      marginUsd: revenueUsd === null ? null : revenueUsd - costUsd,
      before: { calls: sum((item) => item.before?.calls ?? 0), costUsd: sum((item) => item.before?.costUsd ?? 0), revenueUsd: null },
    },
    steps: Array.from({ length: DAYS }, (_, day) => ({
      at: new Date(FIRST + day * DAY).toISOString(),
      calls: Math.round(sum(({ costs }) => costs[day] ?? 0) * 310),
      costUsd: sum(({ costs }) => costs[day] ?? 0),
      revenueUsd: null,
    })),
    items: found.map((item) => ({ ...item, share: costUsd > 0 ? item.costUsd / costUsd : 0 })),
    rest: null,
  };
}

/** Ten features of an application, more than the picture has colours for, and calls that name none. */
export const byFeature = (): CostReport =>
  costReport(
    [
      ...["greeting", "search", "summaries", "triage", "translations", "tagging", "suggestions", "drafts", "alerts"].map((value, place) => ({ value, dollars: 12 / (place + 1), before: 300 / (place + 1) })),
      { value: null, dollars: 0.9, before: 22 },
    ],
    "metadata.feature",
  );

export const nothing = (): CostReport => ({ ...costReport([]), steps: costReport().steps.map((step) => ({ ...step, calls: 0, costUsd: 0 })) });
