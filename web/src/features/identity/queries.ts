import { queryOptions } from "@tanstack/react-query";

import { get } from "@/api/client";
import type { Me } from "@/api/schema";

/** Whom the session's key belongs to, and what it may do. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => get<Me>("/api/identity/me", { signal }),
  staleTime: 60_000,
});

/** Asks the server whether a key is good, before it becomes the session's. */
export async function tryKey(key: string): Promise<Me> {
  return get<Me>("/api/identity/me", { key });
}
