import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { Actions } from "./detail/actions";
import { Arms } from "./detail/arms";
import { Comparisons } from "./detail/comparisons";
import { ExperimentFacts } from "./detail/facts";
import { OverTime } from "./detail/over-time";
import { Segments } from "./detail/segments";
import { DraftWords, VerdictBlock } from "./detail/verdict";
import { experimentQuery, resultsQuery } from "./queries";
import { StateMark } from "./state-mark";

import type { Experiment } from "@/api/experiments";
import { usePolling } from "@/api/live";
import { CopyButton } from "@/components/copy-button";
import { Crumbs } from "@/components/crumbs";
import { Failure } from "@/components/failure";
import { LineageStrip } from "@/components/lineage-strip";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** One experiment: what it says so far, in words first. */
export default function ExperimentPage() {
  const { experimentId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(experimentQuery(experimentId, usePolling()));
  return (
    <div className="space-y-8">
      <title>{`${data?.name ?? "Experiment"} · Hone`}</title>
      {data ? (
        <Shown of={data} />
      ) : error ? (
        <>
          <Crumbs to={paths.experiments}>Experiments</Crumbs>
          <h1 className="text-title font-semibold tracking-tight">Experiment</h1>
          <Failure title="The experiment could not be loaded" error={error} onRetry={() => void refetch()} />
        </>
      ) : (
        <div role="status" aria-label="Loading the experiment" className="space-y-4">
          <h1 className="sr-only">Experiment</h1>
          <Skeleton className="h-12 max-w-sm" />
          <Skeleton className="h-72" />
        </div>
      )}
    </div>
  );
}

function Shown({ of: experiment }: { of: Experiment }) {
  const { id, name, state, target, hypothesis, release } = experiment;
  return (
    <>
      <header className="space-y-3">
        <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-72">
            <Crumbs to={paths.experiments}>Experiments</Crumbs>
            <h1 className="text-title font-semibold tracking-tight break-words">{name}</h1>
            <p className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1">
              <StateMark state={state} />
              <span className="text-quiet">calls of {target}</span>
              <span className="flex min-w-0 items-center gap-1 text-sm text-quiet">
                <code className="truncate font-mono text-xs">{id}</code>
                <CopyButton text={id} what="the experiment's id" />
              </span>
            </p>
            {hypothesis !== "" && <p className="mt-2 max-w-[72ch] text-pretty text-quiet">{hypothesis}</p>}
          </div>
          <Actions of={experiment} />
        </div>
        <LineageStrip here="experiment" links={{ operation: { href: `${paths.operations}?split=${id}`, title: "Operations" }, release: release && { href: `${paths.releases}/${release.id}`, title: `Release of ${release.version}` } }} />
      </header>
      {state === "draft" ? <DraftWords of={experiment} /> : <Measured of={experiment} />}
    </>
  );
}

/** Everything that was measured; what was planned stands below it. */
function Measured({ of: experiment }: { of: Experiment }) {
  const { data: results, error, refetch } = useQuery(resultsQuery(experiment, usePolling()));
  if (!results) {
    return error ? <Failure title="The results could not be loaded" error={error} onRetry={() => void refetch()} /> : <Skeleton className="h-72" />;
  }
  return (
    <>
      {error && <Failure title="The results could not be brought up to date" error={error} onRetry={() => void refetch()} />}
      <VerdictBlock experiment={experiment} results={results} />
      <OverTime experiment={experiment} results={results} />
      <Comparisons experiment={experiment} results={results} />
      <Arms experiment={experiment} results={results} />
      <Segments experiment={experiment} results={results} />
      <ExperimentFacts experiment={experiment} />
    </>
  );
}
