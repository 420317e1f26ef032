import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { newestFirst } from "./newest";
import type { OperationsSearch } from "./routes";

import { get } from "@/api/client";
import { useChannel, usePolling } from "@/api/live";
import type { Operation } from "@/api/schema";
import type { OperationFacets, OperationPage, OperationRead, PageViewRead } from "@/api/schema.gen";
import { bounds, type Range } from "@/components/filter-bar/time-range";
import { without } from "@/lib/url-state";

type Found = Omit<OperationPage, "items"> & { items: Operation[] };

const PAGE = 100;
/** A call lands when it has ended, but stands where it began: so far back new ones are looked for. */
const OVERLAP_MS = 120_000;
const MOST_NEW = 2000;

/** What the list asks the API for, without a page; the same for an export. */
export function parameters(search: OperationsSearch, now: number): URLSearchParams {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...without(filtersOf(search), "last", "from", "to"), ...bounds(rangeOf(search), now) })) {
    for (const each of [value].flat()) asked.append(name, String(each));
  }
  return asked;
}

/** Only what decides which operations are listed. */
export const filtersOf = (search: OperationsSearch) => without(search, "columns", "follow", "open");

/** Only the time. */
export const rangeOf = ({ last, from, to }: OperationsSearch): Range => ({ ...(last && { last }), ...(from && { from }), ...(to && { to }) });

const listQuery = (filters: OperationsSearch) =>
  infiniteQueryOptions({
    queryKey: ["operations", "list", filters],
    queryFn: ({ pageParam, signal }) => {
      const asked = parameters(filters, Date.now());
      asked.set("limit", String(PAGE));
      if (pageParam) asked.set("cursor", pageParam);
      return get<Found>(`/api/ai/operations?${asked}`, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    // New ones come by following; what is here stays where it is.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });

/** Everything that landed since the list was loaded, page by page, so that no push that was missed leaves a gap. */
async function since(filters: OperationsSearch, base: number, signal: AbortSignal): Promise<Operation[]> {
  const asked = parameters(filters, Date.now());
  asked.set("from", new Date(base - OVERLAP_MS).toISOString());
  asked.set("limit", "500");
  const found: Operation[] = [];
  for (;;) {
    const page = await get<Found>(`/api/ai/operations?${asked}`, { signal });
    found.push(...page.items);
    if (page.next === null || found.length >= MOST_NEW) return found;
    asked.set("cursor", page.next);
  }
}

/** The pages of the list. */
export function useOperations(search: OperationsSearch) {
  const list = useInfiniteQuery({ ...listQuery(filtersOf(search)), placeholderData: keepPreviousData });
  const pages = list.data?.pages;
  const loaded = useMemo(() => pages?.flatMap(({ items }) => items), [pages]);
  return { ...list, loaded, total: pages?.[0]?.total, searchedUntil: pages?.at(-1)?.searchedUntil ?? null };
}

/** What landed since the list was loaded, while it is followed; a time that has ended cannot be. */
export function useComing(search: OperationsSearch, loaded: Operation[] | undefined): Operation[] | undefined {
  const filters = filtersOf(search);
  const following = search.follow === true && loaded !== undefined && search.to === undefined;
  const base = loaded?.[0]?.createdAt ?? null;
  const [began] = useState(Date.now);
  const coming = useQuery({
    queryKey: ["operations", "new", filters, base],
    queryFn: ({ signal }) => since(filters, base ? Date.parse(base) : began, signal),
    enabled: following,
    refetchInterval: usePolling(),
  });
  const { refetch } = coming;
  useChannel("model_metrics", ({ data }) => {
    if (following && data.operations.length > 0) void refetch({ cancelRefetch: false });
  });
  return following ? coming.data : undefined;
}

/** Rows of the list with the new ones put in their place, each once. */
export function together(coming: Operation[] | undefined, loaded: Operation[] | undefined): Operation[] | undefined {
  if (!loaded || !coming || coming.length === 0) return loaded;
  return newestFirst(coming, loaded, Infinity);
}

export const facetsQuery = (range: Range) =>
  queryOptions({
    queryKey: ["operations", "facets", range],
    queryFn: ({ signal }) => get<OperationFacets>(`/api/ai/operations/facets?${new URLSearchParams(bounds(range, Date.now()))}`, { signal }),
    staleTime: 60_000,
  });

export const viewsQuery = queryOptions({
  queryKey: ["operations", "views"],
  queryFn: ({ signal }) => get<PageViewRead>("/api/ai/operations/views?limit=200", { signal }),
});

export const operationQuery = (id: string) =>
  queryOptions({
    queryKey: ["operations", "one", id],
    queryFn: ({ signal }) => get<OperationRead>(`/api/ai/operations/${encodeURIComponent(id)}`, { signal }),
    staleTime: 60_000,
  });
