/** Names for what the API says of training; only what `/ws` pushes and JSON schema are written by hand. */

import type { MetricRead, RunRead } from "./schema.gen";

export type {
  EngineRead as Engine,
  EstimateRead,
  MetricRead as Metric,
  ResourcesRead as Resources,
  RunDataset,
  RunError,
  RunEventRead as RunEvent,
  RunRead as Run,
  ScheduleRead as Schedule,
  TrackerRead as Tracker,
  TrialRead as Trial,
  TrialsRead as Trials,
  TuningJobRead as TuningJob,
} from "./schema.gen";

export type Task = RunRead["task"];
export type RunState = RunRead["state"];
export type Priority = RunRead["priority"];

/** What is sent of `TrainingJob`: what is left out has a default. */
export interface Job {
  name: string;
  task: Task;
  engine: string | null;
  data: { dataset: string; version: string | null; minQuality?: number; split?: { train: number; validation: number; test: number } };
  baseVersion?: string;
  params: Record<string, unknown>;
  seed?: number;
  resources: { cpu?: number; memoryGb?: number };
  scheduling: { priority: Priority };
  limits: { wallSeconds?: number; costUsd?: number };
  search?: { trials: number };
  notify?: { me: boolean };
}

/** What `/ws` says of one run while it changes. */
export interface RunPush {
  state: RunState;
  stage: string;
  progress: number;
  metrics: MetricRead[];
  logTail: string;
}

/** As much of JSON schema as parameters of engines use. */
export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  properties?: Record<string, Schema>;
}
