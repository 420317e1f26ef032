import type { Window } from "@/api/schema";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";

export const WINDOWS = ["15m", "1h", "6h", "24h"] as const satisfies readonly Window[];
export const DEFAULT_WINDOW: Window = "1h";

export interface OverviewSearch {
  window?: Window;
}

export const overview = {
  path: paths.overview,
  can: "operations:read" as Permission,
  validateSearch: ({ window }: Record<string, unknown>): OverviewSearch => {
    const known = WINDOWS.find((candidate) => candidate === window);
    return known ? { window: known } : {};
  },
};
