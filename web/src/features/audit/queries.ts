import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

import type { AuditSearch } from "./routes";

import { get, post } from "@/api/client";
import type { Page } from "@/api/schema";
import type { Chain, EventFacets, EventRead, VerificationRead } from "@/api/schema.gen";
import { bounds, type Range } from "@/components/filter-bar/time-range";
import { without } from "@/lib/url-state";

const PAGE = 100;
/** How often a walk along the chain is asked how far it is. */
const WALK_MS = 1000;

/** Only the time. */
export const rangeOf = ({ last, from, to }: AuditSearch): Range => ({ ...(last && { last }), ...(from && { from }), ...(to && { to }) });

/** What the list asks the API for, without a page; the same for an export. */
export function parameters(search: AuditSearch, now: number): URLSearchParams {
  const { name = [], actor = [], subject = [], q } = search;
  const asked = new URLSearchParams(bounds(rangeOf(search), now));
  for (const [field, values] of Object.entries({ name, actor, subject, q: q === undefined ? [] : [q] })) {
    for (const value of values) asked.append(field, value);
  }
  return asked;
}

const eventsQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", "events", search],
    queryFn: ({ pageParam, signal }) => {
      const asked = parameters(search, Date.now());
      asked.set("limit", String(PAGE));
      if (pageParam) asked.set("cursor", pageParam);
      return get<Page<EventRead>>(`/api/audit/events?${asked}`, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

/** The pages of the trail. */
export function useEvents(search: AuditSearch) {
  const list = useInfiniteQuery({ ...eventsQuery(without(search, "open")), placeholderData: keepPreviousData });
  const pages = list.data?.pages;
  const rows = useMemo(() => pages?.flatMap(({ items }) => items), [pages]);
  return { ...list, rows, total: pages?.[0]?.total };
}

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ["audit", "event", id],
    queryFn: ({ signal }) => get<EventRead>(`/api/audit/events/${encodeURIComponent(id)}`, { signal }),
    staleTime: 60_000,
  });

export const facetsQuery = queryOptions({
  queryKey: ["audit", "facets"],
  queryFn: ({ signal }) => get<EventFacets>("/api/audit/facets", { signal }),
  staleTime: 60_000,
});

export const chainQuery = queryOptions({
  queryKey: ["audit", "chain"],
  queryFn: ({ signal }) => get<Chain>("/api/audit/chain", { signal }),
  refetchInterval: ({ state }) => (state.data?.running ? WALK_MS : false),
});

/** Begins a walk along the chain. */
export function useVerify() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => post<VerificationRead>("/api/audit/verify"),
    onSuccess: () => queries.invalidateQueries({ queryKey: chainQuery.queryKey }),
  });
}
