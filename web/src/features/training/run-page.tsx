import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ChevronRight, Hourglass } from "lucide-react";

import { runQuery } from "./queries";
import { Actions } from "./run/actions";
import { CurvesSection } from "./run/curves-section";
import { EventsSection } from "./run/events-section";
import { RunFacts } from "./run/facts";
import { Failed } from "./run/failed";
import { LogSection } from "./run/log-section";
import { Result } from "./run/result";
import { TrialsSection } from "./run/trials-section";
import { StateMark } from "./state-mark";
import { useLiveRun } from "./use-live-run";
import { datasetOf, isAtWork, leftOf, searches, tookSeconds } from "./words";

import type { Run } from "@/api/learning";
import { CopyButton } from "@/components/copy-button";
import { Failure } from "@/components/failure";
import { LineageStrip } from "@/components/lineage-strip";
import { Notice } from "@/components/notice";
import { Progress } from "@/components/ui/progress";
import { Skeleton } from "@/components/ui/skeleton";
import { percent } from "@/lib/format";
import { paths } from "@/lib/paths";
import { taskName } from "@/lib/tasks";
import { span } from "@/lib/time";
import { useNow } from "@/lib/use-now";

/** One run: how it goes, how it ended, and what came of it. */
export default function RunPage() {
  const { runId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(runQuery(runId));
  return (
    <div className="space-y-8">
      <title>{`${data ? `Training of ${data.model}` : "Training run"} · Hone`}</title>
      {data ? (
        <Shown run={data} />
      ) : error ? (
        <>
          <Head title="Training run" />
          <Failure title="The run could not be loaded" error={error} onRetry={() => void refetch()} />
        </>
      ) : (
        <div role="status" aria-label="Loading the run" className="space-y-4">
          <h1 className="sr-only">Training run</h1>
          <Skeleton className="h-12 max-w-sm" />
          <Skeleton className="h-72" />
        </div>
      )}
    </div>
  );
}

function Head({ title }: { title: string }) {
  return (
    <>
      <p className="flex items-center gap-1 text-sm text-quiet">
        <Link to={paths.training} className="hit rounded-sm hover:text-ink hover:underline">
          Training
        </Link>
        <ChevronRight aria-hidden="true" className="size-3.5" />
      </p>
      <h1 className="text-title font-semibold tracking-tight break-words">{title}</h1>
    </>
  );
}

function Shown({ run }: { run: Run }) {
  useLiveRun(run.id);
  const dataset = run.dataset;
  return (
    <>
      <header className="space-y-3">
        <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-72">
            <Head title={run.model} />
            <p className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1">
              <StateMark state={run.state} />
              <span className="text-quiet">
                {taskName(run.task)}, engine {run.engine}
              </span>
              <span className="flex items-center gap-1 text-sm text-quiet">
                <code className="truncate font-mono text-xs">{run.id}</code>
                <CopyButton text={run.id} what="the run's id" />
              </span>
            </p>
          </div>
          <Actions run={run} />
        </div>
        <LineageStrip
          here="run"
          links={{
            dataset: dataset && { href: dataset.version === null ? `${paths.datasets}/${dataset.id}` : `${paths.datasets}/${dataset.id}/versions`, title: datasetOf(dataset) },
            version: run.version === null ? null : { href: `${paths.versions}/${run.model}/${run.version}`, title: "Model version" },
          }}
        />
      </header>
      <Standing run={run} />
      {run.state === "failed" && <Failed run={run} />}
      {run.state === "succeeded" && <Result run={run} />}
      {searches(run) && run.startedAt !== null && <TrialsSection run={run} />}
      {run.startedAt !== null && <CurvesSection run={run} />}
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
        <RunFacts run={run} />
        <EventsSection run={run} />
      </div>
      <LogSection run={run} />
    </>
  );
}

/** How far it is and what is left; or why it waits. */
function Standing({ run }: { run: Run }) {
  if (run.state === "queued") {
    return (
      <Notice tone="info" title={run.whyWaiting ?? "It is next in line."}>
        {run.position !== null && run.position > 1 && <p>{run.position - 1 === 1 ? "1 run is before it." : `${run.position - 1} runs are before it.`}</p>}
      </Notice>
    );
  }
  if (run.state === "paused") return <Notice tone="warn" title={`Paused at ${percent(run.progress)}`}>It goes on from its last checkpoint when it is resumed.</Notice>;
  return isAtWork(run) ? <AtWork run={run} /> : null;
}

function AtWork({ run }: { run: Run }) {
  const now = useNow();
  const left = leftOf(run, now);
  const took = tookSeconds(run, now);
  return (
    <section aria-label="Progress">
      <p className="flex flex-wrap items-baseline gap-x-4">
        <span>
          <span className="text-figure font-semibold tracking-tight">{percent(run.progress)}</span> <span className="text-quiet">{run.stage}</span>
        </span>
        <span className="ml-auto inline-flex items-center gap-1.5 text-sm text-quiet">
          <Hourglass aria-hidden="true" className="size-4" />
          {[took === null ? null : `${span(took)} so far`, left].filter(Boolean).join(", ")}
        </span>
      </p>
      <Progress label="How far the run is" done={run.progress} total={1} className="mt-2 w-full" />
    </section>
  );
}
