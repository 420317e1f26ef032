import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { parameters } from "./asked";
import type { CostsSearch } from "./routes";

import { get } from "@/api/client";
import { useMay } from "@/api/me";
import type { Page } from "@/api/schema";
import type { CostReport, LimitRead, OperationFacets } from "@/api/schema.gen";

/** What costs add up to. */
export function useCosts(search: CostsSearch) {
  return useQuery({
    queryKey: ["costs", search],
    queryFn: ({ signal }) => get<CostReport>(`/api/costs?${parameters(search, Date.now())}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** Limits on cost, for those who may see them. */
export function useBudgets(): LimitRead[] {
  const may = useMay("limits:read");
  const { data } = useQuery({
    queryKey: ["costs", "limits"],
    queryFn: ({ signal }) => get<Page<LimitRead>>("/api/limits?limit=500", { signal }),
    enabled: may,
    staleTime: 30_000,
  });
  return data?.items.filter(({ measure }) => measure === "cost") ?? [];
}

/** What there is to filter by. */
export function useFacets(): OperationFacets | undefined {
  return useQuery({
    queryKey: ["costs", "facets"],
    queryFn: ({ signal }) => get<OperationFacets>("/api/ai/operations/facets", { signal }),
    staleTime: 60_000,
  }).data;
}
