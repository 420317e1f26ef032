import type { Permission } from "@/lib/permissions";
import { compact, text } from "@/lib/url-state";

interface TeamsSearch {
  q?: string;
  /** The team whose detail is open. */
  team?: string;
  /** The dialog that creates one is open. */
  create?: true;
}

export const teams = {
  can: "people:read" as Permission,
  validateSearch: (search: Record<string, unknown>): TeamsSearch =>
    compact({
      q: text(search["q"]),
      team: text(search["team"]),
      create: search["create"] === true ? (true as const) : undefined,
    }) as TeamsSearch,
};
