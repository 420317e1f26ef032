import { useInfiniteQuery } from "@tanstack/react-query";

import { at } from "../queries";
import type { ExampleRead } from "../shapes";

import { get } from "@/api/client";
import type { Page } from "@/api/schema";

const EACH = "50";

/** What waits for review, asked once: it does not change under one's hands while one decides. */
export function usePending(dataset: string, label: string | undefined) {
  const query = useInfiniteQuery({
    queryKey: ["review", dataset, label],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams({ status: "pending", limit: EACH, ...(label !== undefined && { label }), ...(pageParam !== null && { cursor: pageParam }) });
      return get<Page<ExampleRead>>(`${at(dataset, "examples")}?${asked.toString()}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const { fetchNextPage } = query;
  return {
    pages: query.data?.pages,
    total: query.data?.pages[0]?.total ?? null,
    error: query.error,
    onRetry: () => void query.refetch(),
    more: { has: query.hasNextPage, loading: query.isFetchingNextPage, load: fetchNextPage },
  };
}
