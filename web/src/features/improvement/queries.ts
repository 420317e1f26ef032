import { queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { isOver } from "./words";

import { get, patch, post, remove } from "@/api/client";
import type { ApprovalStep, ImprovementRelease, Policy, Trigger, Turn, TurnStory } from "@/api/improvement";
import { usePolling } from "@/api/live";
import type { Page } from "@/api/schema";
import { useList } from "@/api/use-list";

const POLICIES = "/api/improvement/policies";
export const TURNS = "/api/improvement/turns";
const IMPROVEMENT = ["improvement"] as const;
/** How often a turn that goes on is asked for. */
const OFTEN_MS = 3000;

export const policiesQuery = queryOptions({
  queryKey: [...IMPROVEMENT, "policies"],
  queryFn: ({ signal }) => get<Page<Policy>>(`${POLICIES}?limit=200`, { signal }),
});

export function useTurns(state: string | undefined, model: string | undefined) {
  const usually = usePolling();
  return useList<Turn>("improvement", TURNS, { state, model, limit: "50" }, (rows) => (usually !== false && rows.some((turn) => !isOver(turn)) ? OFTEN_MS : usually));
}

/** The newest turns, for the head of the overview. */
export const latestTurnsQuery = queryOptions({
  queryKey: [...IMPROVEMENT, "latest"],
  queryFn: ({ signal }) => get<Page<Turn>>(`${TURNS}?limit=5`, { signal }),
});

export const turnQuery = (id: string) =>
  queryOptions({
    queryKey: [...IMPROVEMENT, "turn", id],
    queryFn: ({ signal }) => get<TurnStory>(`${TURNS}/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : OFTEN_MS),
  });

const refresh = (queries: QueryClient) => queries.invalidateQueries({ queryKey: IMPROVEMENT });

export interface PolicyBody {
  model: string;
  enabled: boolean;
  triggers: Trigger[];
  debounceSeconds: number;
  leastNew: number;
  budget: { runsPerDay: number; costUsdPerMonth: number | null };
  approvals: ApprovalStep[];
  release: ImprovementRelease;
}

export function useSavePolicy() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ present, body }: { present: Policy | null; body: Partial<PolicyBody> }) =>
      present === null ? post<Policy>(POLICIES, body) : patch<Policy>(`${POLICIES}/${present.id}`, { ...body, version: present.version }),
    onSuccess: () => refresh(queries),
  });
}

export function useRemovePolicy() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: (id: string) => remove(`${POLICIES}/${id}`), onSuccess: () => refresh(queries) });
}

export function useStartTurn() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: ({ id, reason }: { id: string; reason: string }) => post<Turn>(`${POLICIES}/${id}/run`, reason === "" ? {} : { reason }), onSettled: () => refresh(queries) });
}

export type Answer = { what: "approve"; note: string } | { what: "reject" | "override"; reason: string };

export function useAnswer(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ what, ...body }: Answer) => post<Turn>(`${TURNS}/${encodeURIComponent(id)}/${what}`, "note" in body && body.note === "" ? {} : body),
    // After a refusal too: somebody else was there first, perhaps.
    onSettled: () => refresh(queries),
  });
}
