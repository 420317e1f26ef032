import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";

import { get } from "@/api/client";
import { useChannel, usePolling } from "@/api/live";
import { useMay } from "@/api/me";
import type { HealthRead } from "@/api/schema.gen";

export type ProviderHealth = HealthRead["items"][number];
export type ModelHealth = ProviderHealth["models"][number];
export type Circuit = ModelHealth["circuit"];

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => get<HealthRead>("/api/providers/health?window=1h", { signal }),
});

/** How providers were in the last hour: asked for now and then, and at once when a circuit opens or closes. */
export function useHealth() {
  const queries = useQueryClient();
  const polling = usePolling();
  const query = useQuery({ ...healthQuery, enabled: useMay("operations:read"), refetchInterval: polling });
  useChannel("model_status", () => void queries.invalidateQueries({ queryKey: healthQuery.queryKey }));
  return query;
}
