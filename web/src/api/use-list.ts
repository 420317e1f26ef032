import { useInfiniteQuery } from "@tanstack/react-query";

import { get } from "./client";
import type { Page } from "./schema";

/** What a `DataTable` shows of a list. */
interface List<Item> {
  rows: Item[] | undefined;
  total: number | null;
  error: Error | null;
  onRetry: () => void;
  more: { has: boolean; loading: boolean; load: () => void; error: Error | null };
}

type Pause = number | false;

/** A list of the API, page by page, in the form that `DataTable` takes; what is undefined is not asked for; `every` asks again after so many ms. */
export function useList<Item>(
  key: string,
  path: string,
  asked: Record<string, string | undefined> = {},
  every: Pause | ((rows: Item[]) => Pause) = false,
): List<Item> {
  const chosen = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const query = useInfiniteQuery({
    queryKey: [key, "list", path, Object.fromEntries(chosen)],
    queryFn: ({ pageParam, signal }) => {
      const search = new URLSearchParams([...chosen, ...(pageParam === null ? [] : [["cursor", pageParam]])]);
      return get<Page<Item>>(`${path}?${search.toString()}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => (typeof every === "function" ? every(state.data?.pages.flatMap(({ items }) => items) ?? []) : every),
  });
  return {
    rows: query.data?.pages.flatMap(({ items }) => items),
    total: query.data?.pages[0]?.total ?? null,
    error: query.isFetchNextPageError ? null : query.error,
    onRetry: () => void query.refetch(),
    more: {
      has: query.hasNextPage,
      loading: query.isFetchingNextPage,
      load: () => void query.fetchNextPage(),
      error: query.isFetchNextPageError ? query.error : null,
    },
  };
}
