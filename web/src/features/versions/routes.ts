import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, moment, text } from "@/lib/url-state";

const can: Permission = "models:read";

export const trainedList = { path: paths.versions, can };

export const oneTrained = {
  path: paths.trained,
  can,
  /** `at`: what was live at that moment. */
  validateSearch: (search: Record<string, unknown>): { at?: string } => compact({ at: moment(search["at"]) }) as { at?: string },
};

export const oneVersion = { path: paths.version, can };

export const compareTrained = {
  path: paths.compareVersions,
  can,
  validateSearch: (search: Record<string, unknown>): { a?: string; b?: string } => compact({ a: text(search["a"]), b: text(search["b"]) }) as { a?: string; b?: string },
};
