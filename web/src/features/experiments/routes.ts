import type { ExperimentState } from "@/api/experiments";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, oneOf, text } from "@/lib/url-state";

/** The states of an experiment, from its beginning to its ends. */
export const STATES = ["draft", "running", "paused", "stopped", "decided"] as const satisfies readonly ExperimentState[];

const can: Permission = "experiments:read";

interface ListSearch {
  state?: ExperimentState;
}

/** What a new experiment begins with: what is split, and what is tried against it. */
interface NewSearch {
  target?: string;
  version?: string;
  /** A draft that is changed. */
  draft?: string;
  /** Another one that it is to be like. */
  like?: string;
}

export const experimentsList = {
  path: paths.experiments,
  can,
  validateSearch: (search: Record<string, unknown>): ListSearch => compact({ state: oneOf(search["state"], STATES) }) as ListSearch,
};

export const newExperiment = {
  path: paths.newExperiment,
  can: "experiments:write" as Permission,
  validateSearch: (search: Record<string, unknown>): NewSearch => compact({ target: text(search["target"]), version: text(search["version"]), draft: text(search["draft"]), like: text(search["like"]) }) as NewSearch,
};

export const oneExperiment = { path: paths.experiment, can };
