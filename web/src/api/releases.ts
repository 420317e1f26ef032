/** Names for what the API says of releases. What may be left out of a question is always in the answer. */

import type { Guardrail as GuardrailTaken, GuardrailState as GuardrailGiven, ReleasePlan as PlanTaken, ReleasePreview as PreviewGiven, ReleaseRead } from "./schema.gen";

export type { ReleaseArm, ReleaseEventRead as ReleaseEvent, ReleaseFigure, ReleaseStep, ReleaseSummary, StepFigures as ReleaseStepFigures } from "./schema.gen";

export type ReleaseStrategy = ReleaseRead["strategy"];
export type ReleaseState = ReleaseRead["state"];
export type Guardrail = GuardrailTaken;
export type GuardrailState = Required<GuardrailGiven>;
export type ReleasePlan = Required<PlanTaken>;
export type Release = Omit<Required<ReleaseRead>, "plan" | "guardrails"> & { plan: ReleasePlan; guardrails: GuardrailState[] };
export type ReleasePreview = Omit<PreviewGiven, "plan"> & { plan: ReleasePlan };

/** What is sent to start one, and to have it told before; what is left out has a default. */
export interface ReleaseBody {
  name: string;
  version: string;
  strategy: ReleaseStrategy;
  share?: number;
  plan?: Partial<ReleasePlan>;
  reason?: string;
  override?: { reason: string };
  /** The experiment that was decided for this version. */
  experiment?: string;
}
