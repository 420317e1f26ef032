import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { isOpen } from "./words";

import { get, patch, post, remove } from "@/api/client";
import type { Experiment, ExperimentBody, ExperimentChangeBody, Plan, PlanBody, Results } from "@/api/experiments";
import { usePolling } from "@/api/live";
import type { Page } from "@/api/schema";
import { useList } from "@/api/use-list";

const EXPERIMENTS = ["experiments"] as const;
const PATH = "/api/experiments";
const at = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

export function useExperiments(state: string | undefined) {
  const usually = usePolling();
  return useList<Experiment>("experiments", PATH, { state, limit: "50" }, (rows) => (rows.some(isOpen) ? usually : false));
}

export const experimentQuery = (id: string, every: number | false) =>
  queryOptions({
    queryKey: [...EXPERIMENTS, "one", id],
    queryFn: ({ signal }) => get<Experiment>(at(id), { signal }),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? every : false),
  });

export const resultsQuery = (experiment: Pick<Experiment, "id" | "state">, every: number | false) =>
  queryOptions({
    queryKey: [...EXPERIMENTS, "results", experiment.id],
    queryFn: ({ signal }) => get<Results>(`${at(experiment.id)}/results`, { signal }),
    enabled: experiment.state !== "draft",
    refetchInterval: isOpen(experiment) ? every : false,
  });

/** What an experiment as it stands in the form would take; a refusal is an answer, too. */
export const planQuery = (body: PlanBody | null) =>
  queryOptions({
    queryKey: [...EXPERIMENTS, "plan", body],
    queryFn: ({ signal }) => post<Plan>(`${PATH}/plan`, body, { signal }),
    enabled: body !== null,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
    retry: false,
  });

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  // After a refusal too: somebody was faster, perhaps.
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: EXPERIMENTS }) });
}

export const useCreate = () => useChange((body: ExperimentBody) => post<Experiment>(PATH, body));

export const useChangeDraft = (id: string) => useChange((body: ExperimentChangeBody) => patch<Experiment>(at(id), body));

export const useStart = () => useChange((id: string) => post<Experiment>(`${at(id)}/start`));

export type Act = "start" | "pause" | "resume";

export const useAct = (id: string) => useChange((act: Act) => post<Experiment>(`${at(id)}/${act}`));

export const useStop = (id: string) => useChange((reason: string) => post<Experiment>(`${at(id)}/stop`, { reason }));

export const useDecide = (id: string) => useChange((body: { arm: string; reason: string; stand?: boolean }) => post<Experiment>(`${at(id)}/decide`, body));

export const useRemove = (id: string) => useChange(() => remove(at(id)));

/** What calls can be split of, and what can be tried in its place. */
export interface Choice {
  name: string;
  kind: "route" | "model" | "trained";
  /** Versions of what was trained here that could be tried: the one that answers today is what they are held against. */
  versions: string[];
}

interface Named {
  name: string;
  versions?: { version: string; state: string; liveIn: string[] }[];
  /** Null before a first version of what was trained here is live: then no call can be split. */
  callableAs?: string | null;
}

const sources = [
  { kind: "route", path: "/api/routes?limit=500", can: "routes:read" },
  { kind: "model", path: "/api/models?limit=500", can: "models:read" },
  { kind: "trained", path: "/api/ai/models", can: "models:read" },
] as const;

const choicesOf = (kind: Choice["kind"], items: readonly Named[]): Choice[] =>
  items
    .filter(({ callableAs }) => callableAs !== null)
    .map(({ name, versions = [] }) => ({ name, kind, versions: versions.filter(({ state, liveIn }) => state !== "deprecated" && !liveIn.includes("production")).map(({ version }) => version) }));

export const choicesQuery = (permissions: readonly string[]) =>
  queryOptions({
    queryKey: [...EXPERIMENTS, "choices"],
    queryFn: async ({ signal }) => {
      const able = sources.filter(({ can }) => permissions.includes(can));
      const found = (await Promise.all(able.map(async ({ kind, path }) => choicesOf(kind, (await get<Page<Named>>(path, { signal })).items)))).flat();
      // What was trained here is among the models, too, by the same name.
      const trained = new Set(found.flatMap(({ name, kind }) => (kind === "trained" ? [name] : [])));
      return found.filter(({ name, kind }) => kind !== "model" || !trained.has(name));
    },
    staleTime: 30_000,
  });

