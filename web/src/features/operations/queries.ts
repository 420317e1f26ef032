import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { newestFirst } from "./newest";

import { get } from "@/api/client";
import { useChannel, usePolling } from "@/api/live";
import type { Operation, Page } from "@/api/schema";


export const LATEST = 20;

export const latestOperationsQuery = queryOptions({
  queryKey: ["operations", "latest"],
  queryFn: ({ signal }) => get<Page<Operation>>(`/api/ai/operations?limit=${LATEST}`, { signal }),
});

/** The newest operations, followed live. Pushes lie over what was asked for and never delay the next question. */
export function useLatestOperations() {
  const polling = usePolling();
  const [pushed, setPushed] = useState<Operation[]>([]);
  useChannel("model_metrics", ({ data }) => {
    if (data.operations.length > 0) setPushed((old) => newestFirst(data.operations, old, LATEST));
  });
  const query = useQuery({ ...latestOperationsQuery, refetchInterval: polling, refetchOnWindowFocus: polling !== false });
  const operations = useMemo(() => query.data && newestFirst(pushed, query.data.items, LATEST), [pushed, query.data]);
  return { ...query, operations };
}
