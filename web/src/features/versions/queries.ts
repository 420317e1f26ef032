import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { get, post } from "@/api/client";
import type { ReleaseSummary } from "@/api/releases";
import type { Classified, Environment, Extracted, HistoryEntry, Live, Predictor, TrainedModel, VersionComparison, VersionRead } from "@/api/versions";

const VERSIONS = ["versions"] as const;
const MODELS = "/api/ai/models";
const at = (name: string) => `${MODELS}/${encodeURIComponent(name)}`;

export const trainedModelsQuery = queryOptions({
  queryKey: [...VERSIONS, "trained"],
  queryFn: ({ signal }) => get<{ items: TrainedModel[] }>(MODELS, { signal }),
});

export const trainedModelQuery = (name: string) =>
  queryOptions({
    queryKey: [...VERSIONS, "model", name],
    queryFn: ({ signal }) => get<TrainedModel>(at(name), { signal }),
  });

export const versionQuery = (name: string, version: string) =>
  queryOptions({
    queryKey: [...VERSIONS, "one", name, version],
    queryFn: ({ signal }) => get<VersionRead>(`${at(name)}/versions/${encodeURIComponent(version)}`, { signal }),
  });

export const historyQuery = (name: string) =>
  queryOptions({
    queryKey: [...VERSIONS, "history", name],
    queryFn: ({ signal }) => get<{ items: HistoryEntry[]; next: string | null }>(`${at(name)}/history?limit=100`, { signal }),
  });

/** Releases of a model that went back, the newest first. */
export const undoneQuery = (name: string) =>
  queryOptions({
    queryKey: [...VERSIONS, "undone", name],
    queryFn: ({ signal }) => get<{ items: ReleaseSummary[] }>(`/api/releases?${new URLSearchParams({ name, state: "rolled_back", limit: "20" })}`, { signal }),
  });

/** Releases of any model that went back, the newest first. */
export const allUndoneQuery = queryOptions({
  queryKey: [...VERSIONS, "undone"],
  queryFn: ({ signal }) => get<{ items: ReleaseSummary[] }>("/api/releases?state=rolled_back&limit=200", { signal }),
});

/** How the predictor is; a version that has just been promoted is loaded within seconds. */
export const predictorQuery = queryOptions({
  queryKey: [...VERSIONS, "predictor"],
  queryFn: ({ signal }) => get<Predictor>("/api/ai/predictor", { signal }),
  refetchInterval: 10_000,
});

interface LiveAt {
  at: string;
  name: string;
  live: Live;
  because: HistoryEntry[];
}

export const liveAtQuery = (name: string, moment: string) =>
  queryOptions({
    queryKey: [...VERSIONS, "live-at", name, moment],
    queryFn: ({ signal }) => get<LiveAt>(`${at(name)}/history?at=${encodeURIComponent(moment)}`, { signal }),
  });

export const comparisonQuery = (name: string, a: string, b: string) =>
  queryOptions({
    queryKey: [...VERSIONS, "compare", name, a, b],
    queryFn: ({ signal }) => get<VersionComparison>(`${MODELS}/compare?${new URLSearchParams({ name, a, b })}`, { signal }),
  });

interface Done {
  version: VersionRead | null;
  live: Live;
}

function useChange<Taken>(change: (taken: Taken) => Promise<Done>) {
  const queries = useQueryClient();
  // After a refusal too: somebody was faster, perhaps.
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: VERSIONS }) });
}

export interface Promotion {
  version: string;
  environment: Environment;
  reason?: string;
  override?: { reason: string };
}

export const usePromote = (name: string) => useChange((body: Promotion) => post<Done>(`${at(name)}/promote`, body));

export const useRollBack = (name: string) => useChange((body: { environment: Environment; reason?: string }) => post<Done>(`${at(name)}/rollback`, body));

export const useDeprecate = (name: string) => useChange(({ version, reason }: { version: string; reason: string }) => post<Done>(MODELS, { action: "deprecate", name, version, ...(reason !== "" && { reason }) }));

/** Asks the model as any application does. */
export function useTry(model: string, task: string) {
  return useMutation({
    mutationFn: async (input: string) => {
      const began = performance.now();
      const answer = task === "entity" ? await post<Extracted>("/v1/entities", { model, input }) : await post<Classified>("/v1/classify", { model, input, top: 3 });
      return { answer, input, tookMs: performance.now() - began };
    },
  });
}
