import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { get, post, put } from "@/api/client";
import type { ErasurePreview, ErasureRead, ErasureTarget, PageErasureRead, Retention, RuleRead } from "@/api/schema.gen";

/** How often an erasure is asked how far it is. */
const PROGRESS_MS = 1000;

export const retentionQuery = queryOptions({
  queryKey: ["retention"],
  queryFn: ({ signal }) => get<Retention>("/api/retention", { signal }),
});

const asked = ({ kind, version }: RuleRead, days: number | null) => ({ rules: [{ kind, days, version }] });

/** What would go next under another rule. */
export const previewQuery = (rule: RuleRead, days: number | null) =>
  queryOptions({
    queryKey: ["retention", "preview", rule.kind, rule.version, days],
    queryFn: ({ signal }) => post<Retention>("/api/retention/preview", asked(rule, days), { signal }),
  });

export function useChangeRule(rule: RuleRead) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (days: number | null) => put<Retention>("/api/retention", asked(rule, days)),
    onSuccess: (now) => queries.setQueryData(retentionQuery.queryKey, now),
  });
}

export const erasuresQuery = queryOptions({
  queryKey: ["erasures"],
  queryFn: ({ signal }) => get<PageErasureRead>("/api/audit/erasures?limit=5", { signal }),
  refetchInterval: ({ state }) => (state.data?.items.some(({ state: is }) => is === "running") ? PROGRESS_MS : false),
});

export function useErasurePreview() {
  return useMutation({ mutationFn: (target: ErasureTarget) => post<ErasurePreview>("/api/audit/erasures/preview", target) });
}

export function useErase() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (target: ErasureTarget) => post<ErasureRead>("/api/audit/erasures", target),
    onSuccess: () => queries.invalidateQueries({ queryKey: erasuresQuery.queryKey }),
  });
}
