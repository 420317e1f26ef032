import { useQuery, useQueryClient } from "@tanstack/react-query";

import { useChannel, usePolling } from "@/api/live";
import { openAlertsQuery } from "@/api/watch";

/** How many critical alerts wait for somebody, beside the entry that leads to them. */
export function CriticalAlerts() {
  const queries = useQueryClient();
  const polling = usePolling();
  const { data } = useQuery({ ...openAlertsQuery, refetchInterval: polling === false ? false : 3 * polling });
  // What changed is more than a push says.
  useChannel("alerts", () => void queries.invalidateQueries({ queryKey: ["alerts"] }));
  const critical = data?.open["critical"] ?? 0;
  if (critical === 0) return null;
  return (
    <span className="ml-auto min-w-5 rounded-full bg-bad-soft px-1.5 text-center text-xs font-medium text-bad">
      {critical}
      <span className="sr-only"> critical</span>
    </span>
  );
}
