/** Names for what the API gives, from the generated types; only what `/ws` says is written by hand. */

import type { RunPush } from "./learning";
import type { OperationItem, PageKeyRead, Point } from "./schema.gen";
import type { AlertsPush } from "./watch";

export type { Me, ModelShare, Overview, Permission, Readiness, Role, Totals } from "./schema.gen";

export type Window = "15m" | "1h" | "6h" | "24h";

/** One minute of traffic; `at` is its start. */
export type Minute = Point;

export type OperationStatus = "success" | "error" | "cancelled" | "interrupted";
export type Operation = Omit<OperationItem, "status"> & { status: OperationStatus };

/** A page of any list; `total` is null where counting stops. */
export type Page<Item> = Omit<PageKeyRead, "items"> & { items: Item[] };

export interface ModelMetrics {
  requestsPerSecond: number;
  errorsPerSecond: number;
  costPerHourUsd: number;
  latency: { p50Ms: number | null; p95Ms: number | null; p99Ms: number | null };
  modelDistribution: { model: string; requests: number; share: number }[];
  minute: Minute;
  operations: Operation[];
}

/** How models are whose circuit changed; each of them first. */
export interface ModelStatus {
  models: { model: string; available: boolean; state: string; openIn: number; processes: number; until: string | null }[];
}

export interface Channels {
  model_metrics: ModelMetrics;
  model_status: ModelStatus;
  alerts: AlertsPush;
  [run: `training:${string}`]: RunPush;
}

/** What pushes of a channel are called, where that is not the channel's own name. */
export const PUSHED_AS: Readonly<Record<string, keyof Channels>> = { modelStatusChange: "model_status" };

export type Channel = keyof Channels;

/** One push of a channel. */
export interface Push<Name extends Channel> {
  type: Name;
  timestamp: string;
  data: Channels[Name];
}
