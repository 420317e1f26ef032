import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { ApiError } from "./client";
import { keepErrors } from "./keep-errors";

/** A refusal stays a refusal; only a missing or broken answer is asked for again. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < 2 && !(error instanceof ApiError && error.status < 500);
}

export function createQueryClient(): QueryClient {
  const queries = new QueryClient({
    queryCache: new QueryCache({ onError: noticeRefusal }),
    mutationCache: new MutationCache({ onError: noticeRefusal }),
    defaultOptions: { queries: { retry: worthRetrying, staleTime: 2000, refetchOnWindowFocus: "always" } },
  });
  keepErrors(queries.getQueryCache());
  /** What was allowed a moment ago and is refused now means that one's role has changed. */
  function noticeRefusal(error: Error): void {
    if (error instanceof ApiError && error.status === 403) void queries.invalidateQueries({ queryKey: ["me"] });
  }
  return queries;
}
