import type { Kind, Source, Split, Status } from "./shapes";

import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { amount, compact, oneOf, text } from "@/lib/url-state";

type Search = Record<string, unknown>;

export const KINDS = ["intent", "entity", "response", "chat", "preference"] as const satisfies readonly Kind[];
export const STATUSES = ["pending", "validated", "rejected"] as const satisfies readonly Status[];
export const SOURCES = ["user", "expert", "automated", "knowledge"] as const satisfies readonly Source[];
export const SPLITS = ["train", "validation", "test"] as const satisfies readonly Split[];
/** What the checks look for. */
export const FINDING_KINDS = ["duplicates", "contradictions", "labels", "leakage", "pii", "outliers"] as const;

interface DatasetsSearch {
  q?: string;
  kind?: Kind;
  /** The dialog that makes one is open. */
  create?: true;
}

const isTrue = (value: unknown) => (value === true ? (true as const) : undefined);

export const datasetsList = {
  path: paths.datasets,
  can: "datasets:read" as Permission,
  validateSearch: (search: Search): DatasetsSearch =>
    compact({ q: text(search["q"])?.slice(0, 200), kind: oneOf(search["kind"], KINDS), create: isTrue(search["create"]) }) as DatasetsSearch,
};

interface DatasetSearch {
  /** What lies over the dataset: the dialog that imports, freezes or edits. */
  ask?: Asked;
}

const ASKED = ["import", "freeze", "edit", "delete"] as const;
export type Asked = (typeof ASKED)[number];

export const oneDataset = {
  path: paths.dataset,
  can: "datasets:read" as Permission,
  validateSearch: (search: Search): DatasetSearch => compact({ ask: oneOf(search["ask"], ASKED) }) as DatasetSearch,
};

export interface ExamplesSearch {
  q?: string;
  status?: Status;
  source?: Source;
  split?: Split;
  label?: string;
  minQuality?: number;
  finding?: string;
  /** The example whose detail lies beside the list. */
  example?: string;
}

export const datasetExamples = {
  validateSearch: (search: Search): ExamplesSearch =>
    compact({
      q: text(search["q"])?.slice(0, 200),
      status: oneOf(search["status"], STATUSES),
      source: oneOf(search["source"], SOURCES),
      split: oneOf(search["split"], SPLITS),
      label: text(search["label"]),
      minQuality: amount(search["minQuality"]),
      finding: oneOf(search["finding"], FINDING_KINDS),
      example: text(search["example"]),
    }) as ExamplesSearch,
};

interface ReviewSearch {
  /** Only examples of this label. */
  label?: string;
}

export const datasetReview = {
  validateSearch: (search: Search): ReviewSearch => compact({ label: text(search["label"]) }) as ReviewSearch,
};

export const FINDING_STATES = ["open", "applied", "dismissed"] as const;

export interface FindingsSearch {
  kind?: (typeof FINDING_KINDS)[number];
  state?: (typeof FINDING_STATES)[number];
  finding?: string;
}

export const datasetFindings = {
  validateSearch: (search: Search): FindingsSearch =>
    compact({ kind: oneOf(search["kind"], FINDING_KINDS), state: oneOf(search["state"], FINDING_STATES), finding: text(search["finding"]) }) as FindingsSearch,
};

export interface KnowledgeSearch {
  /** The source whose detail lies beside the list. */
  source?: string;
  /** The dialog that adds one. */
  add?: (typeof ADDED)[number];
}

const ADDED = ["page", "document"] as const;

export const datasetKnowledge = {
  validateSearch: (search: Search): KnowledgeSearch => compact({ source: text(search["source"]), add: oneOf(search["add"], ADDED) }) as KnowledgeSearch,
};

export interface VersionsSearch {
  /** The version whose manifest is open. */
  version?: number;
  /** The two that are compared. */
  from?: number;
  to?: number;
}

export const datasetVersions = {
  validateSearch: (search: Search): VersionsSearch =>
    compact({ version: amount(search["version"]), from: amount(search["from"]), to: amount(search["to"]) }) as VersionsSearch,
};
