import { keepPreviousData, queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { isAtWork, isOver } from "./words";

import { get, patch, post, remove } from "@/api/client";
import type { Engine, EstimateRead, Job, Metric, Resources, Run, RunEvent, Schedule, Tracker, Trials, TuningJob } from "@/api/learning";
import { usePolling } from "@/api/live";
import type { Page } from "@/api/schema";
import { useList } from "@/api/use-list";
import type { TrainedModel, VersionRead } from "@/api/versions";

export const RUNS = "/api/training/runs";
const TRAINING = ["training"] as const;
/** How often a list in which something trains is asked for. */
const OFTEN_MS = 2000;

export interface Narrowed {
  state?: string | undefined;
  model?: string | undefined;
  dataset?: string | undefined;
  /** Numbers of versions, with commas. */
  datasetVersion?: string | undefined;
}

export function useRuns(narrowed: Narrowed) {
  const usually = usePolling();
  return useList<Run>("training", RUNS, { ...narrowed, limit: "50" }, (rows) => (usually !== false && rows.some((run) => !isOver(run) && run.state !== "paused") ? OFTEN_MS : usually));
}

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: [...TRAINING, "run", id],
    queryFn: ({ signal }) => get<Run>(`${RUNS}/${encodeURIComponent(id)}`, { signal }),
    // What is pushed comes sooner; this finds what a lost push would have told.
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : OFTEN_MS),
  });

interface Metrics {
  items: Metric[];
  next: string | number | null;
}

const MOST_PAGES = 50;

/** Every figure that a run told, page after page. */
export async function allMetrics(id: string, signal: AbortSignal): Promise<Metric[]> {
  const found: Metric[] = [];
  let after: string | number | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const told: Metrics = await get<Metrics>(`${RUNS}/${encodeURIComponent(id)}/metrics${after === null ? "" : `?after=${encodeURIComponent(after)}`}`, { signal });
    found.push(...told.items);
    if (told.next === null || told.items.length === 0 || told.next === after) break;
    after = told.next;
  }
  return found;
}

export const metricsQuery = (id: string, run: Pick<Run, "state"> | undefined) =>
  queryOptions({
    queryKey: [...TRAINING, "metrics", id],
    queryFn: ({ signal }) => allMetrics(id, signal),
    refetchInterval: run && isAtWork(run) ? 5000 : false,
  });

export const eventsQuery = (id: string, run: Pick<Run, "state"> | undefined) =>
  queryOptions({
    queryKey: [...TRAINING, "events", id, run?.state],
    queryFn: ({ signal }) => get<{ items: RunEvent[] }>(`${RUNS}/${encodeURIComponent(id)}/events`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: run && isAtWork(run) ? OFTEN_MS : false,
  });

/** What a search tried; asked for while it goes on. */
export const trialsQuery = (id: string, run: Pick<Run, "state"> | undefined) =>
  queryOptions({
    queryKey: [...TRAINING, "trials", id, run?.state],
    queryFn: ({ signal }) => get<Trials>(`${RUNS}/${encodeURIComponent(id)}/trials`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: run && isAtWork(run) ? OFTEN_MS : false,
  });

/** Which other trackers know of a run. */
export const trackersQuery = (id: string) =>
  queryOptions({
    queryKey: [...TRAINING, "trackers", id],
    queryFn: ({ signal }) => get<{ items: Tracker[] }>(`${RUNS}/${encodeURIComponent(id)}/trackers`, { signal }),
    staleTime: 30_000,
  });

export const TUNING = "/api/training/tuning-jobs";

export function useTuningJobs() {
  const usually = usePolling();
  return useList<TuningJob>("training", TUNING, { limit: "50" }, (rows) => (usually !== false && rows.some(({ endedAt }) => endedAt === null) ? OFTEN_MS : usually));
}

/** Ends a tuning job, whether its files are read or it trains. */
export function useCancelTuning() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post(`/v1/fine_tuning/jobs/${encodeURIComponent(id)}/cancel`),
    onSettled: () => refresh(queries),
  });
}

export const enginesQuery = queryOptions({
  queryKey: [...TRAINING, "engines"],
  queryFn: ({ signal }) => get<{ items: Engine[] }>("/api/training/engines", { signal }),
  staleTime: 60_000,
});

export const resourcesQuery = queryOptions({
  queryKey: [...TRAINING, "resources"],
  queryFn: ({ signal }) => get<Resources>("/api/training/resources", { signal }),
});

/** The estimate of a job as it stands in the form; a refusal is an answer, too. */
export const estimateQuery = (job: Job | null) =>
  queryOptions({
    queryKey: [...TRAINING, "estimate", job],
    queryFn: ({ signal }) => post<EstimateRead>("/api/training/estimate", job, { signal }),
    enabled: job !== null,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
    retry: false,
  });

function refresh(queries: QueryClient) {
  return queries.invalidateQueries({ queryKey: TRAINING });
}

export function useStartRun() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: (job: Job) => post<Run>(RUNS, job), onSuccess: () => refresh(queries) });
}

export type Act = "pause" | "resume" | "cancel" | "retry";

export function useAct(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) => post<Run>(`${RUNS}/${encodeURIComponent(id)}/${act}`),
    // After a refusal too: it ended meanwhile, perhaps.
    onSettled: () => refresh(queries),
  });
}

const SCHEDULES = "/api/training/schedules";

export const schedulesQuery = queryOptions({
  queryKey: [...TRAINING, "schedules"],
  queryFn: ({ signal }) => get<Page<Schedule>>(`${SCHEDULES}?limit=200`, { signal }),
});

export interface ScheduleBody {
  name: string;
  cron: string;
  timezone: string;
  window: Schedule["window"];
  job: Record<string, unknown>;
  minNewExamples: number;
  enabled: boolean;
}

export function useSaveSchedule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ present, body }: { present: Schedule | null; body: Partial<ScheduleBody> }) =>
      present === null ? post<Schedule>(SCHEDULES, body) : patch<Schedule>(`${SCHEDULES}/${present.id}`, { ...body, version: present.version }),
    onSuccess: () => refresh(queries),
  });
}

export function useRemoveSchedule() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: (id: string) => remove(`${SCHEDULES}/${id}`), onSuccess: () => refresh(queries) });
}

/** What can be trained on: datasets, and the versions of one. */
export interface DatasetChoice {
  id: string;
  name: string;
  kind: string;
}

export const datasetsQuery = queryOptions({
  queryKey: [...TRAINING, "datasets"],
  queryFn: ({ signal }) => get<Page<DatasetChoice>>("/api/datasets?limit=200", { signal }),
});

export interface DatasetVersionChoice {
  id: string;
  version: number;
  createdAt: string;
  note?: string | null;
  examples?: number;
}

export const datasetVersionsQuery = (dataset: string) =>
  queryOptions({
    queryKey: [...TRAINING, "dataset-versions", dataset],
    queryFn: ({ signal }) => get<Page<DatasetVersionChoice>>(`/api/datasets/${encodeURIComponent(dataset)}/versions`, { signal }),
    enabled: dataset !== "",
  });

/** The version that a run made, with its evidence. */
export const versionOfRunQuery = (model: string, version: string) =>
  queryOptions({
    queryKey: ["versions", "one", model, version],
    queryFn: ({ signal }) => get<VersionRead>(`/api/ai/models/${encodeURIComponent(model)}/versions/${encodeURIComponent(version)}`, { signal }),
    staleTime: 30_000,
  });

/** Models that were trained before, with their versions. */
export const trainedQuery = queryOptions({
  queryKey: ["versions", "trained"],
  queryFn: ({ signal }) => get<{ items: TrainedModel[] }>("/api/ai/models", { signal }),
  staleTime: 30_000,
});
