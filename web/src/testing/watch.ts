import type { Alert, AlertChannel, AlertPage, ModelStanding, Monitor, MonitorPoint, MonitorRule, Statistics } from "@/api/watch";

/** Example monitors and alerts, the same on every run. Every part can be replaced. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const at = (minutes: number) => new Date(AT + minutes * 60_000).toISOString();

const noRule: MonitorRule = { metric: null, comparison: null, threshold: null, target: null, days: null, windowMinutes: null, minimum: null, by: null, referenceDays: null };
export const rule = (parts: Partial<MonitorRule> = {}): MonitorRule => ({ ...noRule, ...parts });

export const MONITOR = "mon_01k9f3m0000000000000000001";
export const ALERT = "alert_01k9f3m000000000000000001";

export function monitor(parts: Partial<Monitor> = {}): Monitor {
  return {
    id: MONITOR,
    version: 2,
    name: "Answers that are right",
    kind: "metric",
    model: "ticket-classifier",
    route: null,
    rule: rule({ metric: "accuracy", comparison: "below", threshold: 0.95, windowMinutes: 60, minimum: 30 }),
    preset: null,
    enabled: true,
    state: "alerting",
    words: "91.2 % of 340 answers were right (87.7 to 93.8 %), below 95 %.",
    value: 0.912,
    low: 0.877,
    high: 0.938,
    n: 340,
    budget: null,
    measuredAt: at(-0.5),
    alert: ALERT,
    createdBy: "ada@rosewood.example",
    createdAt: at(-20_000),
    updatedAt: at(-4000),
    ...parts,
  };
}

const budget = (left: number, fast = 0.4): Monitor["budget"] => ({
  left,
  burns: [
    { longMinutes: 60, shortMinutes: 5, ringsAt: 14.4, longRate: fast, shortRate: fast / 2, severity: "critical" },
    { longMinutes: 360, shortMinutes: 30, ringsAt: 6, longRate: fast, shortRate: fast, severity: "critical" },
    { longMinutes: 4320, shortMinutes: 360, ringsAt: 1, longRate: 0.36, shortRate: fast, severity: "warning" },
  ],
});

const objective = (id: string, name: string, parts: Partial<Monitor>): Monitor =>
  monitor({ id, name, kind: "objective", model: null, state: "ok", alert: null, createdBy: "system", version: 1, ...parts });

export const monitors = (): Monitor[] => [
  monitor(),
  objective("mon_02", "Errors", { preset: "errors", rule: rule({ metric: "errors", target: 0.999, days: 30 }), budget: budget(0.64), value: 0.99964, low: 0.9995, high: 0.9997, n: 1_204_311, words: "99.96 % of 1,204,311 calls succeeded; 64 % of the month's budget is left." }),
  objective("mon_03", "Response time", { preset: "latency", rule: rule({ metric: "latency", target: 0.95, threshold: 2000, days: 30 }), budget: budget(0.42, 0.9), value: 0.9712, low: 0.9709, high: 0.9715, n: 1_204_311, words: "97.1 % of calls were answered within 2 s; 42 % of the month's budget is left." }),
  objective("mon_04", "Cost of a request", { preset: "cost", rule: rule({ metric: "cost", threshold: 0.1, days: 30 }), value: 0.0041, low: null, high: null, n: 1_204_311, words: "A request cost $0.0041, below $0.10." }),
  objective("mon_05", "Availability", { preset: "availability", rule: rule({ metric: "availability", target: 0.9999, days: 30 }), state: "no_data", value: null, low: null, high: null, n: 0, measuredAt: null, words: "Nothing was called yet." }),
  objective("mon_06", "What is asked", { kind: "drift", model: "ticket-classifier", rule: rule({ referenceDays: 14 }), preset: null, createdBy: "ada@rosewood.example", value: 0.08, low: 0.05, high: 0.12, n: 2210, words: "What is asked is much as it was in the 14 days before." }),
  objective("mon_07", "Error patterns", { kind: "error_patterns", rule: rule({ minimum: 5 }), preset: "error_patterns", enabled: false, value: 0, low: null, high: null, n: 12, words: "No new kind of error." }),
];

/** Accuracy that falls in the last hours, by five minutes, with an hour in which nobody asked. */
export function points(count = 90): MonitorPoint[] {
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => index < 30 || index > 40)
    .map((index) => {
      const fallen = Math.max(0, index - 58) / 31;
      const value = 0.968 - 0.056 * Math.min(1, fallen) + 0.006 * Math.sin(index * 1.9);
      const half = 0.022 + 0.006 * Math.abs(Math.sin(index));
      return { at: at((index - count) * 5), slice: "", value, low: value - half, high: Math.min(1, value + half), n: 180 + ((index * 37) % 160), detail: {} };
    });
}

export function alert(parts: Partial<Alert> = {}): Alert {
  return {
    id: ALERT,
    monitor: MONITOR,
    kind: "accuracy",
    severity: "critical",
    state: "open",
    model: "ticket-classifier",
    route: null,
    title: "ticket-classifier is wrong more often",
    words: "91.2 % of 340 answers were right in the last hour (87.7 to 93.8 %): below 95 %, and more than chance explains. Most of the wrong ones are “billing” taken for “refund”.",
    recommendation: "Review the calls that moved it and train again; if it began with the last release, roll that back first.",
    evidence: {
      value: 0.912,
      low: 0.877,
      high: 0.938,
      n: 340,
      threshold: 0.95,
      before: 0.968,
      mostWrong: "billing taken for refund",
      models: { "ticket-classifier": 11 },
      errors: {},
      operations: Array.from({ length: 11 }, (_, index) => `op_01k9f3m074${String(9963 - index * 37).padStart(5, "0")}qx7r2`),
    },
    seen: 42,
    reopened: 0,
    openedAt: at(-94),
    lastSeenAt: at(-0.5),
    acknowledgedAt: null,
    acknowledgedBy: null,
    silencedUntil: null,
    resolvedAt: null,
    resolvedBy: null,
    note: null,
    actions: [
      { kind: "review", label: "Send to review", method: "POST", path: `/api/ai/alerts/${ALERT}/review`, body: {} },
      { kind: "retrain", label: "Retrain ticket-classifier", method: "POST", path: "/api/ai/train", body: { action: "train", name: "ticket-classifier" } },
      { kind: "rollback", label: "Roll back ticket-classifier", method: "POST", path: "/api/ai/models/ticket-classifier/rollback", body: {} },
    ],
    deliveries: [
      { channel: "On call", event: "opened", state: "delivered", attempts: 1, maybeTwice: false, error: null, createdAt: at(-94), nextAt: null, endedAt: at(-93.9) },
      { channel: "Webhook", event: "opened", state: "waiting", attempts: 6, maybeTwice: false, error: "The host hooks.rosewood.example did not answer within 10 s.", createdAt: at(-94), nextAt: at(4), endedAt: null },
    ],
    ...parts,
  };
}

export const alerts = (): Alert[] => [
  alert(),
  alert({ id: "alert_02", monitor: "mon_03", kind: "latency", severity: "warning", state: "acknowledged", acknowledgedAt: at(-200), acknowledgedBy: "ada@rosewood.example", model: null, title: "Answers take longer", words: "8.2 % of calls took longer than 2 s in 6 h: the month's budget burns 1.6 times as fast as it may.", openedAt: at(-220), actions: [], deliveries: [] }),
  alert({ id: "alert_03", monitor: "mon_07", kind: "error_patterns", severity: "info", state: "silenced", silencedUntil: at(600), model: null, route: "assistant", title: "A new kind of error", words: "“The context of <n> tokens is too long” was seen 12 times since 07:10.", openedAt: at(-170), actions: [], deliveries: [] }),
];

export const resolved = (): Alert =>
  alert({ id: "alert_04", severity: "warning", state: "resolved", resolvedAt: at(-1200), resolvedBy: "ada@rosewood.example", note: "The labels were renamed on purpose; trained again.", openedAt: at(-1400), title: "What is asked has changed", words: "What ticket-classifier is asked differs from the 14 days before.", deliveries: [] });

export const alertPage = (items: Alert[] = alerts()): AlertPage => ({ items, total: items.length, next: null, open: { critical: items.filter(({ severity }) => severity === "critical").length, warning: items.filter(({ severity }) => severity === "warning").length, info: items.filter(({ severity }) => severity === "info").length } });

function standing(modelId: string, parts: Partial<ModelStanding>): ModelStanding {
  return {
    modelId,
    status: { status: "excellent", words: "Excellent: 0.02 % of the calls failed (95 %: 0.01 % to 0.04 %); 0.1 % is the most.", reasons: [] },
    requests: 24_400,
    errorRate: { value: 0.0002, low: 0.0001, high: 0.0004, n: 24_400 },
    accuracy: { value: null, low: null, high: null, n: 0 },
    p95Ms: 640,
    costUsd: 14.38,
    averageCostUsd: 0.0006,
    ...parts,
  };
}

export const statistics = (): Statistics => ({
  asOf: at(-2),
  period: "day",
  totals: { requests: 35_620, errors: 7, errorRate: 0.0002, errorInterval: { value: 0.0002, low: 0.0001, high: 0.0004, n: 35_620 }, successRate: 0.9998, p50Ms: 612, p95Ms: 1500, p99Ms: 2200 },
  cost: { totalTokens: 25_940_000, inputTokens: 17_840_000, outputTokens: 8_100_000, totalCostUSD: 17.61, averageCostUSD: 0.0005 },
  forecasts: [],
  models: [
    standing("assistant-4", {}),
    standing("ticket-classifier", {
      status: { status: "degraded", words: "Degraded: 91.2 % of 340 judged answers were right (95 %: 87.7 % to 93.8 %); 95 % is wanted.", reasons: [] },
      requests: 9120,
      accuracy: { value: 0.912, low: 0.877, high: 0.938, n: 340 },
      p95Ms: 12,
    }),
    standing("long-context-1", { status: { status: "good", words: "Good: 4.8 % of the calls took longer than 2000 ms (95 %: 3.9 % to 5.9 %); 5 % is the most.", reasons: [] }, requests: 2100, p95Ms: 1990 }),
    standing("venue-faq-2", { status: { status: "unknown", words: "No calls came, so nothing is known.", reasons: [] }, requests: 0, errorRate: { value: null, low: null, high: null, n: 0 }, p95Ms: null }),
  ],
});

export function channel(parts: Partial<AlertChannel> = {}): AlertChannel {
  return {
    id: "chan_01",
    version: 1,
    name: "On call",
    kind: "email",
    target: "oncall@rosewood.example",
    to: ["oncall@rosewood.example"],
    severity: "critical",
    digest: false,
    enabled: true,
    failingSince: null,
    lastError: null,
    waiting: 0,
    createdBy: "ada@rosewood.example",
    createdAt: at(-9000),
    ...parts,
  };
}

export const channels = (): AlertChannel[] => [
  channel(),
  channel({ id: "chan_02", name: "Webhook", kind: "webhook", target: "hooks.rosewood.example", to: [], severity: "warning", digest: true, failingSince: at(-94), lastError: "The host hooks.rosewood.example did not answer within 10 s.", waiting: 3 }),
  channel({ id: "chan_03", name: "#models", kind: "slack", target: "hooks.slack.example", to: [], severity: "info", digest: true, enabled: false }),
];
