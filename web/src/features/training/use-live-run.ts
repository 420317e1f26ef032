import { useQueryClient } from "@tanstack/react-query";

import { metricsQuery, runQuery } from "./queries";
import { isOver } from "./words";

import type { Metric } from "@/api/learning";
import { useChannel } from "@/api/live";

/** Takes in what is pushed of one run: where it stands, its new figures, and that there is more of its log. */
export function useLiveRun(id: string): void {
  const queries = useQueryClient();
  useChannel(`training:${id}`, ({ data: { state, stage, progress, metrics, logTail } }) => {
    queries.setQueryData(runQuery(id).queryKey, (run) => run && { ...run, state, stage, progress });
    if (metrics.length > 0) queries.setQueryData(metricsQuery(id, undefined).queryKey, (known) => known && merged(known, metrics));
    if (logTail !== "") void queries.invalidateQueries({ queryKey: ["training", "log", id] });
    // What came of it is more than a push says.
    if (isOver({ state })) void queries.invalidateQueries({ queryKey: ["training"] });
  });
}

const keyOf = ({ step, split, name }: Metric) => `${step} ${split} ${name}`;

/** Figures that are told twice are kept once. */
export function merged(known: readonly Metric[], told: readonly Metric[]): Metric[] {
  const seen = new Set(known.map(keyOf));
  return [...known, ...told.filter((each) => !seen.has(keyOf(each)))];
}
