import { queryOptions } from "@tanstack/react-query";

import { get } from "@/api/client";
import type { CatalogueRead, ModelRead, PageModelRead, PagePriceRead, PageProviderRead, PageRouteRead, PageVersionRead, ProviderKinds, ProviderRead, RouteRead } from "@/api/schema.gen";

/** A registry is small: one page holds it. */
const MOST = 500;

/** Everything that a change in the registry may touch. */
export const REGISTRY = ["registry"] as const;

export const routesQuery = queryOptions({
  queryKey: [...REGISTRY, "routes"],
  queryFn: ({ signal }) => get<PageRouteRead>(`/api/routes?limit=${MOST}`, { signal }),
});

export const modelsQuery = queryOptions({
  queryKey: [...REGISTRY, "models"],
  queryFn: ({ signal }) => get<PageModelRead>(`/api/models?limit=${MOST}`, { signal }),
});

export const providersQuery = queryOptions({
  queryKey: [...REGISTRY, "providers"],
  queryFn: ({ signal }) => get<PageProviderRead>(`/api/providers?limit=${MOST}`, { signal }),
});

export const routeQuery = (id: string) =>
  queryOptions({
    queryKey: [...REGISTRY, "routes", id],
    queryFn: ({ signal }) => get<RouteRead>(`/api/routes/${encodeURIComponent(id)}`, { signal }),
  });

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: [...REGISTRY, "routes", id, "versions"],
    queryFn: ({ signal }) => get<PageVersionRead>(`/api/routes/${encodeURIComponent(id)}/versions?limit=200`, { signal }),
  });

export const catalogueQuery = queryOptions({
  queryKey: [...REGISTRY, "catalogue"],
  queryFn: ({ signal }) => get<CatalogueRead>("/api/models/catalogue", { signal }),
  staleTime: 3_600_000,
});

export const providerQuery = (id: string) =>
  queryOptions({
    queryKey: [...REGISTRY, "providers", id],
    queryFn: ({ signal }) => get<ProviderRead>(`/api/providers/${encodeURIComponent(id)}`, { signal }),
  });

export const kindsQuery = queryOptions({
  queryKey: [...REGISTRY, "kinds"],
  queryFn: ({ signal }) => get<ProviderKinds>("/api/providers/kinds", { signal }),
  staleTime: 3_600_000,
});

export const modelQuery = (id: string) =>
  queryOptions({
    queryKey: [...REGISTRY, "models", id],
    queryFn: ({ signal }) => get<ModelRead>(`/api/models/${encodeURIComponent(id)}`, { signal }),
  });

export const pricesQuery = (id: string) =>
  queryOptions({
    queryKey: [...REGISTRY, "models", id, "prices"],
    queryFn: ({ signal }) => get<PagePriceRead>(`/api/models/${encodeURIComponent(id)}/prices`, { signal }),
  });
