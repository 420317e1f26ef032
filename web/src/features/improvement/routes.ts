import type { TurnState } from "@/api/improvement";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, oneOf, text } from "@/lib/url-state";

const can: Permission = "releases:read";

/** The states of a turn, from its beginning to its ends. */
export const STATES = [
  "triggered",
  "awaiting_approval",
  "training",
  "gating",
  "shadow",
  "releasing",
  "comparing",
  "promoted",
  "rolled_back",
  "rejected",
  "skipped",
  "failed",
] as const satisfies readonly TurnState[];

export interface ImprovementSearch {
  state?: TurnState;
  model?: string;
  create?: boolean;
}

export const improvement = {
  path: paths.improvement,
  can,
  validateSearch: (search: Record<string, unknown>): ImprovementSearch =>
    compact({ state: oneOf(search["state"], STATES), model: text(search["model"]), create: search["create"] === true || undefined }) as ImprovementSearch,
};

export const oneTurn = { path: paths.turn, can };
