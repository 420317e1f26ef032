import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import type { CheckRead, ComparedRead, DatasetRead, ExampleRead, FindingKind, FindingRead, Kind, Output, Split, StatisticsRead, Status, VersionRead } from "./shapes";

import { get, patch, post, remove } from "@/api/client";
import type { Run } from "@/api/learning";
import { usePolling } from "@/api/live";
import type { Page } from "@/api/schema";
import { useList } from "@/api/use-list";

export const DATASETS = "/api/datasets";

export const at = (dataset: string, ...parts: (string | number)[]): string => [DATASETS, dataset, ...parts].map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join("/");

/** Datasets; corrections come in meanwhile, so they are asked for again. */
export const useDatasets = (asked: { q: string | undefined; kind: string | undefined }) => useList<DatasetRead>("datasets", DATASETS, { ...asked, limit: "100" }, usePolling());

export const datasetQuery = (id: string) => queryOptions({ queryKey: ["datasets", "one", id], queryFn: ({ signal }) => get<DatasetRead>(at(id), { signal }) });

export function useDatasetQuery(id: string) {
  return useQuery({ ...datasetQuery(id), refetchInterval: usePolling() });
}

/** After a change, everything that is said of datasets is asked anew. */
export const forget = (queries: QueryClient) => queries.invalidateQueries({ queryKey: ["datasets"] });

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => forget(queries) });
}

export interface DatasetDraft {
  name: string;
  kind: Kind;
  description: string;
  collects: string[];
}

export const useCreateDataset = () => useChange((draft: DatasetDraft) => post<DatasetRead>(DATASETS, draft));
export const useUpdateDataset = (id: string) => useChange((change: Partial<DatasetDraft>) => patch<DatasetRead>(at(id), change));
export const useDeleteDataset = (id: string) => useChange(() => remove(at(id)));

/** Trainings that had one of these versions, the newest first. */
export const runsOnQuery = (dataset: string, versions: readonly number[]) =>
  queryOptions({
    queryKey: ["training", "on", dataset, versions],
    queryFn: ({ signal }) => get<Page<Run>>(`/api/training/runs?${new URLSearchParams({ dataset, datasetVersion: versions.join(","), limit: "20" }).toString()}`, { signal }),
  });

export interface ExamplesAsked {
  q?: string | undefined;
  status?: string | undefined;
  source?: string | undefined;
  split?: string | undefined;
  label?: string | undefined;
  minQuality?: string | undefined;
  finding?: string | undefined;
}

export const useExamples = (dataset: string, asked: ExamplesAsked) => useList<ExampleRead>("datasets", at(dataset, "examples"), { ...asked, limit: "100" });

export interface Verdict {
  ids: string[];
  action: "approve" | "reject" | "correct" | "undo";
  output?: Output;
}

/** What somebody decided about examples. */
export const sendVerdict = (dataset: string, verdict: Verdict) => post<{ changed: number; missing: string[] }>(at(dataset, "examples", "review"), verdict);

export const useVerdict = (dataset: string) => useChange((verdict: Verdict) => sendVerdict(dataset, verdict));

export interface ExampleChange {
  id: string;
  status?: Status;
  output?: Output;
  reason?: string;
}

export const changeExample = (dataset: string, { id, ...change }: ExampleChange) => patch<ExampleRead>(at(dataset, "examples", id), change);
export const useChangeExample = (dataset: string) => useChange((change: ExampleChange) => changeExample(dataset, change));
export const useDeleteExample = (dataset: string) => useChange((id: string) => remove(at(dataset, "examples", id)));

export const statisticsQuery = (dataset: string) =>
  queryOptions({ queryKey: ["datasets", "statistics", dataset], queryFn: ({ signal }) => get<StatisticsRead>(at(dataset, "statistics"), { signal }) });

export const useFindings = (dataset: string, asked: { kind: string | undefined; state: string | undefined }) =>
  useList<FindingRead>("datasets", at(dataset, "findings"), { ...asked, limit: "100" });

export const useSettle = (dataset: string) => useChange(({ id, action }: { id: string; action: "apply" | "dismiss" }) => post<FindingRead>(at(dataset, "findings", id), { action }));

/** How often checks that run are looked at. */
const AT_WORK_MS = 1000;
export const isRunning = (check: CheckRead | null | undefined): boolean => check?.state === "running";

export function useChecks(dataset: string) {
  return useQuery({
    queryKey: ["datasets", "checks", dataset],
    queryFn: async ({ signal }) => (await get<Page<CheckRead>>(at(dataset, "checks"), { signal })).items[0] ?? null,
    refetchInterval: ({ state }) => (isRunning(state.data) ? AT_WORK_MS : false),
  });
}

export const useRunChecks = (dataset: string) => useChange((kinds: readonly FindingKind[]) => post<CheckRead>(at(dataset, "checks"), { kinds }));

export const useCancelCheck = (dataset: string) => useChange((id: string) => post<CheckRead>(at(dataset, "checks", id, "cancel"), {}));

export const useVersions = (dataset: string) => useList<VersionRead>("datasets", at(dataset, "versions"), { limit: "100" });

export const versionQuery = (dataset: string, number: number) =>
  queryOptions({ queryKey: ["datasets", "version", dataset, number], queryFn: ({ signal }) => get<VersionRead>(at(dataset, "versions", number), { signal }), staleTime: Infinity });

export const comparedQuery = (dataset: string, from: number, to: number) =>
  queryOptions({
    queryKey: ["datasets", "compared", dataset, from, to],
    queryFn: ({ signal }) => get<ComparedRead>(at(dataset, "versions", from, "compare", to), { signal }),
    staleTime: Infinity,
  });

export interface FreezeDraft {
  note: string;
  minQuality: number;
  splits: Record<Split, number>;
  seed: number;
  groupBy: "conversation" | "input";
}

export const useFreeze = (dataset: string) => useChange((draft: FreezeDraft) => post<VersionRead>(at(dataset, "versions"), draft));
