import { useMutation, useQueryClient } from "@tanstack/react-query";

import { isActive } from "./words";

import { post } from "@/api/client";
import { usePolling } from "@/api/live";
import type { BatchRead } from "@/api/schema.gen";
import { useList } from "@/api/use-list";

export const BATCHES = "/api/batches";
/** How often a batch that is at work is looked at. */
const AT_WORK_MS = 2000;

/** Batches, newest first; asked for again and again, and more often while one is at work. */
export function useBatches(status: string | undefined) {
  const usually = usePolling();
  return useList<BatchRead>("batches", BATCHES, { status, limit: "50" }, (rows) => (usually !== false && rows.some(isActive) ? AT_WORK_MS : usually));
}

export function useCancelBatch() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post<BatchRead>(`${BATCHES}/${id}/cancel`, undefined),
    onSettled: () => queries.invalidateQueries({ queryKey: ["batches"] }),
  });
}
