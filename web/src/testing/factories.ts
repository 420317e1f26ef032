import type { Me, Minute, Operation, OperationStatus, Overview, Page, Permission, Push, Readiness, Window } from "@/api/schema";

/** Example answers for tests, the same on every run. Every part can be replaced. */

const MINUTE = 60_000;

/** Every permission, as an admin holds them. */
const everything: Permission[] = [
  "ai:query",
  "ai:manage",
  "system:monitor",
  "operations:read",
  "operations:write",
  "contents:read",
  "providers:read",
  "providers:write",
  "models:read",
  "models:write",
  "routes:read",
  "routes:write",
  "keys:read",
  "keys:write",
  "people:read",
  "people:write",
  "organization:write",
  "limits:read",
  "limits:write",
  "feedback:read",
  "feedback:write",
  "datasets:read",
  "datasets:write",
  "training:read",
  "training:write",
  "experiments:read",
  "experiments:write",
  "releases:read",
  "releases:write",
  "monitors:read",
  "monitors:write",
  "audit:read",
  "data:erase",
];

export function me(parts: Partial<Me> = {}): Me {
  return {
    id: "person_01",
    kind: "person",
    name: "Ada Moreno",
    email: "ada@rosewood.example",
    organization: { id: "org_01", name: "Rosewood Barn" },
    role: "admin",
    permissions: [...everything],
    session: { id: "session_01", expiresAt: "2026-11-25T12:10:00Z" },
    ...parts,
  };
}

export function minute(at: number, index: number, parts: Partial<Minute> = {}): Minute {
  const wave = 1 + 0.35 * Math.sin(index / 9) + 0.12 * Math.sin(index * 1.7);
  const requests = Math.round(720 * wave);
  const slow = 1 + 0.12 * Math.sin(index / 5) + 0.05 * Math.sin(index * 2.3);
  return {
    at: new Date(at).toISOString(),
    requests,
    errors: index % 11 === 4 ? 9 : index % 4 === 0 ? 2 : 0,
    costUsd: requests * 0.000_41,
    p50Ms: 610 * slow,
    p95Ms: 1480 * slow,
    p99Ms: 2350 * slow * (1 + 0.15 * Math.sin(index * 1.3)),
    ...parts,
  };
}

const lengths: Record<Window, number> = { "15m": 15, "1h": 60, "6h": 360, "24h": 1440 };

export function overview(asOf: number, parts: Partial<Overview> = {}): Overview {
  const window = parts.window ?? "1h";
  const newest = Math.floor(asOf / MINUTE) * MINUTE;
  const length = lengths[window];
  const series = Array.from({ length }, (_, index) => minute(newest - (length - 1 - index) * MINUTE, index));
  const sum = (of: (entry: Minute) => number) => series.reduce((total, entry) => total + of(entry), 0);
  const requests = sum((entry) => entry.requests);
  const errors = sum((entry) => entry.errors);
  const costUsd = sum((entry) => entry.costUsd);
  const shares: [string, number, number][] = [
    ["assistant-4", 0.58, 1610],
    ["assistant-4-mini", 0.24, 690],
    ["venue-faq-2", 0.13, 420],
    ["long-context-1", 0.05, 3900],
  ];
  return {
    asOf: new Date(asOf).toISOString(),
    window,
    totals: {
      requests,
      errors,
      errorRate: errors / requests,
      costUsd,
      inputTokens: requests * 412,
      outputTokens: requests * 187,
      requestsPerSecond: requests / (length * 60),
      p50Ms: 612,
      p95Ms: 1504,
      p99Ms: 2381,
      ttftP50Ms: 231,
      previous: { requests: Math.round(requests * 0.96), errorRate: 0.0021, costUsd: costUsd / 1.12, p95Ms: 1455 },
    },
    series,
    models: shares.map(([model, share, p95Ms], index) => ({
      model,
      share,
      p95Ms,
      requests: Math.round(requests * share),
      errors: Math.round(errors * (index === 0 ? 0.7 : 0.1)),
      costUsd: costUsd * ([0.81, 0.07, 0.02, 0.1][index] ?? 0),
    })),
    ...parts,
  };
}

/** An overview of an installation that nobody has called yet. */
export function emptyOverview(asOf: number): Overview {
  const { totals } = overview(asOf);
  const nothing = Object.fromEntries(Object.keys(totals).map((key) => [key, key.endsWith("Ms") ? null : 0]));
  const previous = { requests: 0, errorRate: 0, costUsd: 0, p95Ms: null };
  return overview(asOf, { series: [], models: [], totals: { ...(nothing as unknown as typeof totals), previous } });
}

const endings: Record<number, OperationStatus> = { 3: "error", 7: "cancelled", 12: "interrupted" };

export function operation(createdAt: number, index = 0, parts: Partial<Operation> = {}): Operation {
  const status = endings[index] ?? "success";
  const failed = status === "error";
  const stream = index % 3 !== 1;
  return {
    id: `op_01k9f3m${String(7_400_000 - index * 37).padStart(8, "0")}qx7r2`,
    createdAt: new Date(createdAt).toISOString(),
    kind: "chat",
    provider: "simulator",
    modelName: ["assistant-4", "assistant-4", "assistant-4-mini", "venue-faq-2", "long-context-1"][index % 5] ?? "assistant-4",
    route: "assistant",
    status,
    inputTokens: 380 + ((index * 97) % 240),
    outputTokens: failed ? 0 : 120 + ((index * 53) % 160),
    cachedTokens: 0,
    cacheWriteTokens: 0,
    cacheWriteHourTokens: 0,
    costUsd: failed ? 0 : 0.000_412 + index * 0.000_037,
    latencyMs: 480 + ((index * 311) % 1600),
    ttftMs: stream ? 180 + ((index * 71) % 160) : null,
    errorCode: failed ? "rate_limited" : null,
    stream,
    userId: null,
    conversationId: null,
    ...parts,
  };
}

export function operations(newest: number, length = 20): Page<Operation> {
  const items = Array.from({ length }, (_, index) => operation(newest - index * index * 900, index));
  return { items, total: length, next: null };
}

export function readiness(parts: Partial<Readiness> = {}): Readiness {
  return {
    status: "ready",
    checks: {
      database: { status: "ready", detail: "Works." },
      spool: { status: "ready", detail: "Works." },
      drain: { status: "ready", detail: "Works." },
      snapshot: { status: "ready", detail: "Works." },
    },
    ...parts,
  };
}

export function metrics(at: number, parts: Partial<Push<"model_metrics">["data"]> = {}): Push<"model_metrics"> {
  return {
    type: "model_metrics",
    timestamp: new Date(at).toISOString(),
    data: {
      requestsPerSecond: 12.4,
      errorsPerSecond: 0.1,
      costPerHourUsd: 18.3,
      latency: { p50Ms: 612, p95Ms: 1504, p99Ms: 2381 },
      modelDistribution: [{ model: "assistant-4", requests: 400, share: 0.58 }],
      minute: minute(Math.floor(at / MINUTE) * MINUTE, 59, { requests: 410, errors: 1, costUsd: 0.17 }),
      operations: [],
      ...parts,
    },
  };
}
