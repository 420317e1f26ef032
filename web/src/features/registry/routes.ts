import { paths } from "@/lib/paths";
import { amount, compact, text } from "@/lib/url-state";

interface ListSearch {
  q?: string | undefined;
}

interface VersionsSearch {
  /** The two versions that are compared; absent: the present one and the one before. */
  from?: number | undefined;
  to?: number | undefined;
}

const listSearch = (search: Record<string, unknown>): ListSearch => compact({ q: text(search["q"]) });

export const routesList = { path: paths.routes, validateSearch: listSearch };
export const newRoute = { path: `${paths.routes}/new` } as const;
export const oneRoute = { path: `${paths.routes}/$routeId` } as const;
export const routeVersions = {
  path: `${paths.routes}/$routeId/versions`,
  validateSearch: (search: Record<string, unknown>): VersionsSearch =>
    compact({ from: amount(search["from"]), to: amount(search["to"]) }),
} as const;

export const providersList = { path: paths.providers };
export const newProvider = { path: `${paths.providers}/new` } as const;
export const oneProvider = { path: `${paths.providers}/$providerId` } as const;

export const modelsList = { path: paths.models, validateSearch: listSearch };
export const newModel = { path: `${paths.models}/new` } as const;
export const oneModel = { path: `${paths.models}/$modelId` } as const;
