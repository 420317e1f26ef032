import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import { noDraft, type Draft } from "./new/draft";
import { ReleaseForm } from "./new/release-form";
import { trainedQuery } from "./queries";

import type { TrainedModel } from "@/api/versions";
import { Crumbs } from "@/components/crumbs";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { outlineLink } from "@/components/ui/looks";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** A release before it is started. */
export default function NewReleasePage() {
  const asked = useSearch({ from: "/signed-in/releases/new" });
  const { data, error, refetch } = useQuery(trainedQuery);
  return (
    <div className="space-y-8">
      <title>Release a version · Hone</title>
      <header>
        <Crumbs to={paths.releases}>Releases</Crumbs>
        <h1 className="text-title font-semibold tracking-tight">Release a version</h1>
        <p className="mt-0.5 max-w-[72ch] text-pretty text-quiet">Everything has a usual answer already. What will happen is told beside it before anything does.</p>
      </header>
      {data ? (
        data.items.some(({ versions }) => versions.length > 0) ? (
          <ReleaseForm begun={begin(data.items, asked)} models={data.items} />
        ) : (
          <NoVersions />
        )
      ) : error ? (
        <Failure title="The form could not be filled in" error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-96 max-w-3xl" />
      )}
    </div>
  );
}

/** What is chosen before anybody chose: what the address says, or the only model's newest version. */
function begin(models: readonly TrainedModel[], { name, version, experiment }: { name?: string; version?: string; experiment?: string }): Draft {
  const only = models.length === 1 ? models[0] : undefined;
  const model = models.find((each) => each.name === name) ?? only;
  const newest = model?.versions.find((each) => each.version !== model.live.production && each.state !== "deprecated");
  return { ...noDraft, ...proven(experiment), name: model?.name ?? name ?? "", version: version ?? newest?.version ?? "" };
}

/** What won an experiment answers everybody already. */
const proven = (experiment: string | undefined): Partial<Draft> => (experiment === undefined ? {} : { experiment, strategy: "immediate" });

function NoVersions() {
  return (
    <EmptyState
      title="There is no version to release yet"
      action={
        <Link to={paths.newRun} className={outlineLink}>
          Train a model
        </Link>
      }
    >
      <p>A version comes of each training. It can be released once it has passed its gates, or with a reason.</p>
    </EmptyState>
  );
}
