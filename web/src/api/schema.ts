/** What the API answers. Written by hand until it is generated from openapi.json. */

export interface Me {
  id: string;
  kind: "key" | "person";
  name: string;
  organization: { id: string; name: string };
  role: string;
  permissions: string[];
}

export interface Overview {
  asOf: string;
  window: Window;
  totals: Totals;
  series: Minute[];
  models: ModelShare[];
}

export type Window = "15m" | "1h" | "6h" | "24h";

export interface Totals {
  requests: number;
  errors: number;
  errorRate: number;
  costUsd: number;
  inputTokens: number;
  outputTokens: number;
  requestsPerSecond: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  ttftP50Ms: number | null;
  previous: { requests: number; errorRate: number; costUsd: number; p95Ms: number | null };
}

/** One minute of traffic; `at` is its start. */
export interface Minute {
  at: string;
  requests: number;
  errors: number;
  costUsd: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

export interface ModelShare {
  model: string;
  requests: number;
  share: number;
  errors: number;
  costUsd: number;
  p95Ms: number | null;
}

export type OperationStatus = "success" | "error" | "cancelled" | "interrupted";

export interface Operation {
  id: string;
  createdAt: string;
  modelName: string;
  route: string | null;
  status: OperationStatus;
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
  latencyMs: number | null;
  ttftMs: number | null;
  errorCode: string | null;
  stream: boolean;
  userId: string | null;
  conversationId: string | null;
}

export interface Page<Item> {
  items: Item[];
  /** Null where counting stops: lists count to 10,000. */
  total: number | null;
  next: string | null;
}

export interface Readiness {
  status: "ready" | "degraded" | "unavailable";
  checks: Record<string, { status: string; detail?: string | null }>;
}

export interface ModelMetrics {
  requestsPerSecond: number;
  errorsPerSecond: number;
  costPerHourUsd: number;
  latency: { p50Ms: number | null; p95Ms: number | null; p99Ms: number | null };
  modelDistribution: { model: string; requests: number; share: number }[];
  minute: Minute;
  operations: Operation[];
}

export interface Channels {
  model_metrics: ModelMetrics;
}

export type Channel = keyof Channels;

/** One push of a channel. */
export interface Push<Name extends Channel> {
  type: Name;
  timestamp: string;
  data: Channels[Name];
}
