import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { get, post } from "@/api/client";
import type { FitRead, OutcomesRead, PageRoutingModelRead, RoutingModelRead, RoutingState } from "@/api/schema.gen";

const ROUTING = ["routing"] as const;
/** A fit takes seconds: while one runs it is asked for so often, in milliseconds. */
const OFTEN = 1000;
const SELDOM = 30_000;

export const stateQuery = queryOptions({
  queryKey: [...ROUTING, "state"],
  queryFn: ({ signal }) => get<RoutingState>("/api/routing", { signal }),
  refetchInterval: ({ state }) => (state.data?.fit?.state === "running" ? OFTEN : SELDOM),
});

/** By the fit that was the last: when it ends there is another model. */
export const modelsQuery = (fit: string) =>
  queryOptions({
    queryKey: [...ROUTING, "models", fit],
    queryFn: ({ signal }) => get<PageRoutingModelRead>("/api/routing/models?limit=100", { signal }),
    placeholderData: (before) => before,
  });

export const outcomesQuery = queryOptions({
  queryKey: [...ROUTING, "outcomes"],
  queryFn: ({ signal }) => get<OutcomesRead>("/api/routing/outcomes", { signal }),
});

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  // After a refusal too: somebody was faster, perhaps.
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: ROUTING }) });
}

export const useFit = () => useChange((basis: FitRead["basis"]) => post<FitRead>("/api/routing/fit", { basis }));

export const useActivate = () => useChange((id: string) => post<RoutingModelRead>(`/api/routing/models/${id}/activate`));

export const useRetire = () => useChange((id: string) => post<RoutingModelRead>(`/api/routing/models/${id}/retire`));

export const useUndo = () => useChange(() => post<RoutingState>("/api/routing/undo"));
