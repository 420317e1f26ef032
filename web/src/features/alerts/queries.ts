import { queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";

import type { AlertsSearch } from "./routes";

import { get, patch, post, remove } from "@/api/client";
import { usePolling } from "@/api/live";
import type { Page } from "@/api/schema";
import { useList } from "@/api/use-list";
import { ALERTS, type Alert, type AlertAction, type AlertChannel, type AlertChannelMade, type AlertChannelTested, type ChannelKind, type Severity } from "@/api/watch";

/** The list as it was asked for; without a word on the state, those that are to be acted on. */
export function useAlerts({ state = "open", severity, model, monitor }: AlertsSearch) {
  return useList<Alert>("alerts", ALERTS, { state: state === "any" ? undefined : state, severity, model, monitor, limit: "50" }, usePolling());
}

export const alertQuery = (id: string) =>
  queryOptions({
    queryKey: ["alerts", "one", id],
    queryFn: ({ signal }) => get<Alert>(`${ALERTS}/${encodeURIComponent(id)}`, { signal }),
  });

/** What is measured and what is told of it hang together. */
async function refresh(queries: QueryClient): Promise<void> {
  await Promise.all([queries.invalidateQueries({ queryKey: ["alerts"] }), queries.invalidateQueries({ queryKey: ["monitors"] })]);
}

type Decision = { what: "acknowledge" } | { what: "resolve"; note: string } | { what: "silence"; until: string; reason: string };

export function useDecide(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ what, ...body }: Decision) => post<Alert>(`${ALERTS}/${encodeURIComponent(id)}/${what}`, what === "acknowledge" ? undefined : body),
    // After a refusal too: somebody else was there first, perhaps.
    onSettled: () => refresh(queries),
  });
}

/** Does what an alert offers, as the call that the server wrote down for it. */
export function useAction() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ method, path, body }: AlertAction) => (method === "PATCH" ? patch<unknown>(path, body) : post<unknown>(path, body)),
    onSuccess: () => queries.invalidateQueries(),
  });
}

const CHANNELS = "/api/alert-channels";

export const channelsQuery = queryOptions({
  queryKey: ["alerts", "channels"],
  queryFn: ({ signal }) => get<Page<AlertChannel>>(`${CHANNELS}?limit=200`, { signal }),
});

export interface ChannelBody {
  name: string;
  kind: ChannelKind;
  to: string[];
  url?: string;
  severity: Severity;
  digest: boolean;
  enabled: boolean;
}

export function useSaveChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ present, body }: { present: AlertChannel | null; body: Partial<ChannelBody> }): Promise<AlertChannelMade> =>
      present === null ? post<AlertChannelMade>(CHANNELS, body) : { ...(await patch<AlertChannel>(`${CHANNELS}/${present.id}`, { ...body, version: present.version })), secret: null },
    onSuccess: () => refresh(queries),
  });
}

export function useRemoveChannel() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: (id: string) => remove(`${CHANNELS}/${id}`), onSuccess: () => refresh(queries) });
}

export function useTestChannel() {
  const queries = useQueryClient();
  return useMutation({ mutationFn: (id: string) => post<AlertChannelTested>(`${CHANNELS}/${id}/test`), onSettled: () => refresh(queries) });
}
