/** Names for what the API says of experiments. */

import type { ExperimentRead, VerdictRead } from "./schema.gen";

export type {
  Comparison,
  ExperimentArmRead as Arm,
  ExperimentPlan as Plan,
  ExperimentRead as Experiment,
  ExperimentResults as Results,
  HistoryPoint,
  SegmentResult as Segment,
  VerdictRead as Verdict,
} from "./schema.gen";

export type ExperimentState = ExperimentRead["state"];
export type ArmKind = ExperimentRead["arms"][number]["kind"];
export type Method = ExperimentRead["method"];
export type Unit = ExperimentRead["unit"];
export type Direction = ExperimentRead["metrics"][number]["direction"];
export type MetricRole = ExperimentRead["metrics"][number]["role"];

export type VerdictState = VerdictRead["state"];

/** What is sent to have it told beforehand what an experiment takes; what is left out has a default. */
export interface PlanBody {
  target: string;
  unit: Unit;
  coverage?: number;
  arms: { name: string; kind: ArmKind; ref?: string; share: number; prompt?: string }[];
  metrics: { key: string; role: MetricRole; margin?: number }[];
  method: Method;
  alpha?: number;
  power?: number;
  minimumEffect: number;
}

/** What is sent to change a draft: what is otherwise, and which version of it was read. */
export type ExperimentChangeBody = Partial<ExperimentBody> & { version: number };

/** What is sent to create one. */
export interface ExperimentBody extends PlanBody {
  name: string;
  hypothesis: string;
  mode: "fixed" | "bandit";
}
