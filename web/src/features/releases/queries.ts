import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { isOver } from "./words";

import { get, post } from "@/api/client";
import { usePolling } from "@/api/live";
import type { Release, ReleaseBody, ReleasePreview, ReleaseSummary } from "@/api/releases";
import type { Page } from "@/api/schema";
import { useList } from "@/api/use-list";
import type { TrainedModel, VersionRead } from "@/api/versions";

const RELEASES = ["releases"] as const;
export const PATH = "/api/releases";
const at = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
/** A step takes seconds where there is much traffic. */
const OFTEN_MS = 2000;

export function useReleases(state: string | undefined, name: string | undefined) {
  const usually = usePolling();
  return useList<ReleaseSummary>("releases", PATH, { state, name, limit: "50" }, (rows) => (usually !== false && rows.some((release) => !isOver(release)) ? OFTEN_MS : usually));
}

/** The newest releases, for the head of the overview. */
export const latestReleasesQuery = queryOptions({
  queryKey: [...RELEASES, "latest"],
  queryFn: ({ signal }) => get<Page<ReleaseSummary>>(`${PATH}?limit=5`, { signal }),
});

export const releaseQuery = (id: string, polls: boolean) =>
  queryOptions({
    queryKey: [...RELEASES, "one", id],
    queryFn: ({ signal }) => get<Release>(at(id), { signal }),
    refetchInterval: ({ state }) => (!polls || (state.data && isOver(state.data)) ? false : OFTEN_MS),
  });

/** What a release as it stands in the form would do; a refusal is an answer, too. */
export const previewQuery = (body: ReleaseBody | null) =>
  queryOptions({
    queryKey: [...RELEASES, "preview", body],
    queryFn: ({ signal }) => post<ReleasePreview>(`${PATH}/preview`, body, { signal }),
    enabled: body !== null,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
    retry: false,
  });

export const trainedQuery = queryOptions({
  queryKey: ["versions", "trained"],
  queryFn: ({ signal }) => get<{ items: TrainedModel[] }>("/api/ai/models", { signal }),
  staleTime: 30_000,
});

export const versionQuery = (name: string, version: string) =>
  queryOptions({
    queryKey: ["versions", "one", name, version],
    queryFn: ({ signal }) => get<VersionRead>(`/api/ai/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`, { signal }),
    staleTime: 30_000,
    enabled: name !== "" && version !== "",
  });

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    // After a refusal too: it went on by itself, perhaps. What is live is another thing then.
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: RELEASES }), queries.invalidateQueries({ queryKey: ["versions"] })]),
  });
}

export const useStartRelease = () => useChange((body: ReleaseBody) => post<Release>(PATH, body));

export type Act = "advance" | "hold" | "resume" | "approve" | "rollback" | "cancel";

export const useAct = (id: string) => useChange(({ act, body }: { act: Act; body?: { reason: string } | { note: string } }) => post<Release>(`${at(id)}/${act}`, body ?? {}));
