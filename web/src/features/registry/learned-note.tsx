import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { get } from "@/api/client";
import type { RoutingModelRead, RoutingState } from "@/api/schema.gen";
import { percent } from "@/lib/format";
import { paths } from "@/lib/paths";

const learnedQuery = queryOptions({
  queryKey: ["routing", "note"],
  queryFn: ({ signal }) => get<RoutingState>("/api/routing", { signal }),
  staleTime: 30_000,
});

/** Where an intelligent route's quality comes from: what was learned, or the numbers of the models. */
export function LearnedNote() {
  const { data } = useQuery(learnedQuery);
  return (
    <p className="min-h-10 max-w-[72ch] text-sm text-pretty text-quiet">
      {data && (data.active ? <Learned from={data.active} /> : "Quality is the number that you gave to each model.")}{" "}
      {data && (
        <Link to={paths.learned} className="text-accent-ink underline underline-offset-4">
          {data.active ? "What was learned" : "Let it be learned from outcomes"}
        </Link>
      )}
    </p>
  );
}

function Learned({ from: { version, evidence } }: { from: RoutingModelRead }) {
  const { saved, kept, qualityShare } = evidence;
  const known = saved !== null && kept !== null && qualityShare !== null;
  return (
    <>
      Quality is predicted from each prompt by routing model version {version}.{" "}
      {known &&
        `At quality ${qualityShare.toFixed(2)}, cost ${(1 - qualityShare).toFixed(2)} and performance 0 it kept ${percent(kept)} of the best model’s quality and saved ${percent(saved)} of its cost.`}
    </>
  );
}
