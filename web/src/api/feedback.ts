import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, post } from "./client";
import { useMay } from "./me";
import type { FeedbackCreate, FeedbackPage, FeedbackReceipt } from "./schema.gen";

export const FEEDBACK = "/api/ai/feedback";
/** A worker lets feedback count within a second. */
const SETTLED_MS = 1500;

/** What was said of one call; undefined until it is known, or for who may not see it. */
export function useFeedbackOn(operationId: string): FeedbackPage | undefined {
  const may = useMay("feedback:read");
  return useQuery({
    queryKey: ["feedback", "on", operationId],
    queryFn: ({ signal }) => get<FeedbackPage>(`${FEEDBACK}?operation=${encodeURIComponent(operationId)}&limit=20`, { signal }),
    enabled: may,
    refetchInterval: ({ state }) => (state.data?.items.some(({ state: now }) => now === "received") ? SETTLED_MS : false),
  }).data;
}

/** Says something of an answer. */
export function useGiveFeedback() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (said: FeedbackCreate) => post<FeedbackReceipt>(FEEDBACK, said),
    onSettled: () => queries.invalidateQueries({ queryKey: ["feedback"] }),
  });
}
