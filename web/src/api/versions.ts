/** Names for what the API says of trained models. */

import type { ModelHistoryRead, VersionSummary } from "./schema.gen";

export type {
  GateVerdict as Gate,
  LiveAt,
  LiveVersions as Live,
  ModelHistoryRead as HistoryEntry,
  ModelVersionRead as VersionRead,
  PredictorRead as Predictor,
  ServedModel,
  TrainedModel,
  VersionComparison,
  VersionSummary,
} from "./schema.gen";

export type Environment = NonNullable<ModelHistoryRead["environment"]>;
export type VersionState = VersionSummary["state"];

/** What `/v1/classify` answers. */
export interface Classified {
  id: string;
  model: string;
  version: string;
  results: { label: string | null; confidence: number; inScope: boolean; labels: { label: string; confidence: number }[] }[];
}

/** What `/v1/entities` answers. */
export interface Extracted {
  model: string;
  version: string;
  results: { entities: { label: string; start: number; end: number; text: string; confidence: number }[] }[];
}
