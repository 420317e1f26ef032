import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";

import { Actions } from "./detail/actions";
import { ArmFigures } from "./detail/arm-figures";
import { ReleaseFacts } from "./detail/facts";
import { Guardrails } from "./detail/guardrails";
import { Ramp } from "./detail/ramp";
import { Standing } from "./detail/standing";
import { StepFigures } from "./detail/step-figures";
import { ReleaseTimeline } from "./detail/timeline";
import { releaseQuery } from "./queries";
import { StateMark } from "./state-mark";
import { strategies } from "./words";

import { usePolling } from "@/api/live";
import type { Release } from "@/api/releases";
import { CopyButton } from "@/components/copy-button";
import { Crumbs } from "@/components/crumbs";
import { Failure } from "@/components/failure";
import { LineageStrip } from "@/components/lineage-strip";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** One release: how far it is, why it waits, and what it does to those who have it. */
export default function ReleasePage() {
  const { releaseId = "" } = useParams({ strict: false });
  const polls = usePolling() !== false;
  const { data, error, refetch } = useQuery(releaseQuery(releaseId, polls));
  return (
    <div className="space-y-8">
      <title>{`${data ? `Release of ${data.name} ${data.version}` : "Release"} · Hone`}</title>
      {data ? (
        <Shown of={data} />
      ) : error ? (
        <>
          <Crumbs to={paths.releases}>Releases</Crumbs>
          <h1 className="text-title font-semibold tracking-tight">Release</h1>
          <Failure title="The release could not be loaded" error={error} onRetry={() => void refetch()} />
        </>
      ) : (
        <div role="status" aria-label="Loading the release" className="space-y-4">
          <h1 className="sr-only">Release</h1>
          <Skeleton className="h-12 max-w-sm" />
          <Skeleton className="h-72" />
        </div>
      )}
    </div>
  );
}

function Shown({ of: release }: { of: Release }) {
  const { id, name, version, state, strategy, experiment } = release;
  return (
    <>
      <header className="space-y-3">
        <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-72">
            <Crumbs to={paths.releases}>Releases</Crumbs>
            <h1 className="text-title font-semibold tracking-tight break-words">
              {name} {version}
            </h1>
            <p className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1">
              <StateMark state={state} />
              <span className="text-quiet">{strategies[strategy].name.split(":")[0]}</span>
              <span className="flex min-w-0 items-center gap-1 text-sm text-quiet">
                <code className="truncate font-mono text-xs">{id}</code>
                <CopyButton text={id} what="the release's id" />
              </span>
            </p>
          </div>
          <Actions of={release} />
        </div>
        <LineageStrip here="release" links={{ version: { href: `${paths.versions}/${encodeURIComponent(name)}/${version}`, title: "Model version" }, experiment: experiment && { href: `${paths.experiments}/${experiment.id}`, title: experiment.name } }} />
      </header>
      <Standing of={release} />
      <Ramp of={release} />
      <StepFigures of={release} />
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
        <ArmFigures of={release} />
        <Guardrails of={release} />
        <ReleaseTimeline of={release} />
        <ReleaseFacts of={release} />
      </div>
      <p className="text-sm text-quiet">
        What it answered:{" "}
        <Link to={paths.operations} search={{ split: [id], arm: ["candidate"] }} className="hit text-accent-ink underline underline-offset-4">
          the calls of {version}
        </Link>
      </p>
    </>
  );
}
