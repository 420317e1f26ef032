import { queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { get, patch, post, remove } from "@/api/client";
import type { Page } from "@/api/schema";
import { MONITORS, type ErrorPattern, type Monitor, type MonitorKind, type MonitorRule } from "@/api/watch";

export const monitorsQuery = queryOptions({
  queryKey: ["monitors", "list"],
  queryFn: ({ signal }) => get<Page<Monitor>>(`${MONITORS}?limit=200`, { signal }),
});

export const patternsQuery = queryOptions({
  queryKey: ["monitors", "patterns"],
  queryFn: ({ signal }) => get<{ items: ErrorPattern[] }>(`${MONITORS}/error-patterns`, { signal }),
});

async function refresh(queries: QueryClient): Promise<void> {
  await Promise.all([queries.invalidateQueries({ queryKey: ["monitors"] }), queries.invalidateQueries({ queryKey: ["alerts"] })]);
}

export interface MonitorBody {
  name: string;
  kind: MonitorKind;
  model?: string;
  route?: string;
  rule: Partial<MonitorRule>;
  enabled: boolean;
}

export function useSaveMonitor() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ present, body }: { present: Monitor | null; body: Partial<MonitorBody> }) =>
      present === null ? post<Monitor>(MONITORS, body) : patch<Monitor>(`${MONITORS}/${present.id}`, { ...body, version: present.version }),
    onSuccess: () => refresh(queries),
  });
}

export function useCheck(id: string) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: () => post<Monitor>(`${MONITORS}/${id}/check`), onSettled: () => refresh(queries) });
}

export function useRemoveMonitor() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: (id: string) => remove(`${MONITORS}/${id}`), onSuccess: () => queries.invalidateQueries({ queryKey: ["monitors", "list"] }) });
}
