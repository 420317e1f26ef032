import { useQueries } from "@tanstack/react-query";

import { changesOf, type Change } from "./changes";

import { usePolling } from "@/api/live";
import { useMay } from "@/api/me";
import { latestTurnsQuery } from "@/features/improvement/queries";
import { latestReleasesQuery } from "@/features/releases/queries";
import { useNow } from "@/lib/use-now";

/** What is changing now; undefined until that is known. What cannot be asked is left out. */
export function useChanges(): Change[] | undefined {
  const enabled = useMay("releases:read");
  const polling = usePolling();
  const now = useNow(60_000);
  const [turns, releases] = useQueries({
    queries: [
      { ...latestTurnsQuery, enabled, refetchInterval: polling },
      { ...latestReleasesQuery, enabled, refetchInterval: polling },
    ],
  });
  // Nothing else waits for an answer that fails.
  const waits = [turns, releases].some(({ isLoading, failureCount }) => isLoading && failureCount === 0);
  return waits ? undefined : changesOf(turns.data?.items ?? [], releases.data?.items ?? [], now);
}
