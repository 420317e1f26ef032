import type { ReleaseState } from "@/api/releases";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, oneOf, text } from "@/lib/url-state";

/** The states of a release, from its beginning to its ends. */
export const STATES = ["pending", "preparing", "running", "holding", "promoting", "succeeded", "rolling_back", "rolled_back", "cancelled", "failed"] as const satisfies readonly ReleaseState[];

const can: Permission = "releases:read";

interface ListSearch {
  state?: ReleaseState;
  name?: string;
}

/** Which version is released, of which model. */
interface NewSearch {
  name?: string;
  version?: string;
  /** The experiment that was decided for it. */
  experiment?: string;
}

export const releasesList = {
  path: paths.releases,
  can,
  validateSearch: (search: Record<string, unknown>): ListSearch => compact({ state: oneOf(search["state"], STATES), name: text(search["name"]) }) as ListSearch,
};

export const newRelease = {
  path: paths.newRelease,
  can: "releases:write" as Permission,
  validateSearch: (search: Record<string, unknown>): NewSearch => compact({ name: text(search["name"]), version: text(search["version"]), experiment: text(search["experiment"]) }) as NewSearch,
};

export const oneRelease = { path: paths.release, can };
