import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { get } from "@/api/client";
import { usePolling } from "@/api/live";
import { useMay } from "@/api/me";
import type { Window } from "@/api/schema";
import type { UsageRead } from "@/api/schema.gen";

type Usage = UsageRead["items"][number];

/** What each route or model did lately, by name; undefined until it is known, or for those who may not see it. */
export function useUsage(by: "route" | "model", window: Window = "24h"): ReadonlyMap<string, Usage> | undefined {
  const polling = usePolling();
  const { data } = useQuery({
    queryKey: ["usage", by, window],
    queryFn: ({ signal }) => get<UsageRead>(`/api/ai/usage?by=${by}&window=${window}`, { signal }),
    enabled: useMay("operations:read"),
    refetchInterval: polling,
  });
  return useMemo(() => data && new Map(data.items.map((each) => [each.name, each])), [data]);
}
