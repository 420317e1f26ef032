import type { RunState } from "@/api/learning";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, oneOf, text, texts } from "@/lib/url-state";

/** The states of a run, from its beginning to its ends. */
export const STATES = ["queued", "starting", "running", "proving", "pausing", "paused", "succeeded", "failed", "cancelled"] as const satisfies readonly RunState[];

interface ListSearch {
  state?: RunState;
  model?: string;
  dataset?: string;
  datasetVersion?: string;
}

/** What a new run begins with: from a dataset's page, or from another run. */
interface NewSearch {
  dataset?: string;
  version?: string;
  model?: string;
  /** The run whose configuration is taken over. */
  like?: string;
}

const can: Permission = "training:read";

export const trainingList = {
  path: paths.training,
  can,
  validateSearch: (search: Record<string, unknown>): ListSearch => compact({ state: oneOf(search["state"], STATES), model: text(search["model"]), dataset: text(search["dataset"]), datasetVersion: text(search["datasetVersion"]) }) as ListSearch,
};

export const newTraining = {
  path: paths.newRun,
  can: "training:write" as Permission,
  validateSearch: (search: Record<string, unknown>): NewSearch =>
    compact({ dataset: text(search["dataset"]), version: text(search["version"]), model: text(search["model"]), like: text(search["like"]) }) as NewSearch,
};

/** More runs than these cannot be told apart in one picture. */
export const MOST_COMPARED = 4;

export const compareTraining = {
  path: paths.compareRuns,
  can,
  validateSearch: (search: Record<string, unknown>): { run: string[] } => ({ run: texts(search["run"], MOST_COMPARED) }),
};

export const schedulesList = {
  path: paths.schedules,
  can,
  validateSearch: (search: Record<string, unknown>): { create?: boolean } => compact({ create: search["create"] === true || undefined }) as { create?: boolean },
};

export const tuningList = { path: paths.tuning, can };

export const oneRun = { path: paths.run, can };
