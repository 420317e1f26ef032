import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { withMinute } from "./merge";

import { get } from "@/api/client";
import { useChannel, usePolling } from "@/api/live";
import type { Overview, Push, Readiness, Window } from "@/api/schema";


export const overviewQuery = (window: Window) =>
  queryOptions({
    queryKey: ["overview", window],
    queryFn: ({ signal }) => get<Overview>(`/api/ai/overview?window=${window}`, { signal }),
  });

const readinessQuery = queryOptions({
  queryKey: ["readiness"],
  queryFn: ({ signal }) => get<Readiness>("/readyz", { signal, accept: [503] }),
});

/** Pushes are kept apart from what was asked for, so that a push neither delays nor outlives the next answer. */
const KEPT_MINUTES = 60;

interface Heard {
  push: Push<"model_metrics">;
  at: number;
}

/** The overview of a window: asked for now and then, and kept current by the pushes between. */
export function useOverview(window: Window) {
  const polling = usePolling();
  const [heard, setHeard] = useState<Heard[]>([]);
  useChannel("model_metrics", (push) => {
    const sameMinute = ({ push: { data } }: Heard) => data.minute.at === push.data.minute.at;
    setHeard((old) => [...old.filter((one) => !sameMinute(one)).slice(-KEPT_MINUTES), { push, at: Date.now() }]);
  });
  const query = useQuery({
    ...overviewQuery(window),
    placeholderData: keepPreviousData,
    refetchInterval: polling,
    refetchOnWindowFocus: polling !== false,
  });
  const overview = useMemo(
    () => query.data && heard.reduce((so, { push }) => withMinute(so, push.data.minute, push.timestamp), query.data),
    [query.data, heard],
  );
  const latest = heard.at(-1);
  return { ...query, overview, now: latest?.push.data, heardAt: Math.max(query.dataUpdatedAt, latest?.at ?? 0) };
}

export function useReadiness() {
  const polling = usePolling();
  return useQuery({ ...readinessQuery, refetchInterval: polling, refetchOnWindowFocus: polling !== false });
}
