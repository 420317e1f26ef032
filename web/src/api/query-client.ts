import { QueryClient } from "@tanstack/react-query";

import { ApiError } from "./client";

/** A refusal stays a refusal; only a missing or broken answer is asked for again. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < 2 && !(error instanceof ApiError && error.status < 500);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: worthRetrying, staleTime: 2000, refetchOnWindowFocus: "always" } },
  });
}
