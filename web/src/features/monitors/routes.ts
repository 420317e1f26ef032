import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, oneOf, text } from "@/lib/url-state";

const can: Permission = "monitors:read";

export const PERIODS = ["6h", "24h", "7d", "30d"] as const;
export type Period = (typeof PERIODS)[number];
export const USUAL_PERIOD: Period = "24h";

export const monitorsList = {
  path: paths.monitors,
  can,
  validateSearch: (search: Record<string, unknown>): { create?: boolean } => compact({ create: search["create"] === true || undefined }) as { create?: boolean },
};

export const oneMonitor = {
  path: paths.monitor,
  can,
  validateSearch: (search: Record<string, unknown>): { period?: Period; slice?: string } =>
    compact({ period: oneOf(search["period"], PERIODS), slice: text(search["slice"]) }) as { period?: Period; slice?: string },
};
