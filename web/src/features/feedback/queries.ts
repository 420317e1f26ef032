import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { USUAL_PERIOD, type FeedbackSearch } from "./routes";

import { get, post } from "@/api/client";
import { FEEDBACK } from "@/api/feedback";
import { usePolling } from "@/api/live";
import type { FeedbackRead, FeedbackReview, FeedbackReviewed, FeedbackSummary, FeedbackTrends } from "@/api/schema.gen";
import { useList } from "@/api/use-list";

/** What the figures are of: they know models and types, and no single call. */
function figuresOf({ period = USUAL_PERIOD, model, type }: FeedbackSearch): string {
  return new URLSearchParams({ period, ...(model && { model }), ...(type && { type }) }).toString();
}

export function useSummary(search: FeedbackSearch) {
  const asked = figuresOf(search);
  return useQuery({
    queryKey: ["feedback", "summary", asked],
    queryFn: ({ signal }) => get<FeedbackSummary>(`${FEEDBACK}/summary?${asked}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: usePolling(),
  });
}

export function useTrends(search: FeedbackSearch) {
  const asked = figuresOf(search);
  return useQuery({
    queryKey: ["feedback", "trends", asked],
    queryFn: ({ signal }) => get<FeedbackTrends>(`${FEEDBACK}/trends?${asked}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: usePolling(),
  });
}

/** Feedback, newest first. */
export function useFeedback(search: FeedbackSearch) {
  const { period = USUAL_PERIOD, model, type, verdict, state, says, person, operation, conversation } = search;
  const asked = {
    period, model, type, state, person, operation, conversation,
    feedback: verdict,
    corrected: says === "correction" ? "true" : undefined,
    commented: says === "comment" ? "true" : undefined,
    limit: "50",
  };
  return useList<FeedbackRead>("feedback", FEEDBACK, asked, usePolling());
}

export function useReview() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (decided: Partial<FeedbackReview> & Pick<FeedbackReview, "action">) => post<FeedbackReviewed>(`${FEEDBACK}/review`, decided),
    onSettled: () => queries.invalidateQueries({ queryKey: ["feedback"] }),
  });
}
