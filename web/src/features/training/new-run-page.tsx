import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";

import { draftOfRun, noDraft, withDataset, type Draft } from "./new/draft";
import { RunForm } from "./new/run-form";
import { datasetsQuery, enginesQuery, runQuery, type DatasetChoice } from "./queries";

import type { Engine, Run } from "@/api/learning";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { outlineLink } from "@/components/ui/looks";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** A training before it is started. */
export default function NewRunPage() {
  const { like, ...asked } = useSearch({ from: "/signed-in/training/new" });
  const datasets = useQuery(datasetsQuery);
  const engines = useQuery(enginesQuery);
  const former = useQuery({ ...runQuery(like ?? ""), enabled: like !== undefined, refetchInterval: false });
  const error = datasets.error ?? engines.error ?? former.error;
  const ready = datasets.data && engines.data && (like === undefined || former.data);

  return (
    <div className="space-y-8">
      <title>Train a model · Hone</title>
      <header>
        <p className="flex items-center gap-1 text-sm text-quiet">
          <Link to={paths.training} className="hit rounded-sm hover:text-ink hover:underline">
            Training
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5" />
        </p>
        <h1 className="text-title font-semibold tracking-tight">Train a model</h1>
        <p className="mt-0.5 max-w-[72ch] text-pretty text-quiet">Nothing goes into force by it: a version comes of it, with the evidence whether it is better.</p>
      </header>
      {ready ? <Filled {...{ asked, former: former.data, datasets: datasets.data.items, engines: engines.data.items }} /> : <NotYet error={error} onRetry={() => void Promise.all([datasets.refetch(), engines.refetch()])} />}
    </div>
  );
}

interface Asked {
  dataset?: string | undefined;
  version?: string | undefined;
  model?: string | undefined;
}

function Filled({ asked, former, datasets, engines }: { asked: Asked; former: Run | undefined; datasets: DatasetChoice[]; engines: Engine[] }) {
  if (datasets.length === 0 && asked.dataset === undefined) return <NoDatasets />;
  const begun = former ? draftOfRun(former) : begin(datasets, asked);
  return <RunForm begun={begun} named={asked.model !== undefined || former !== undefined} datasets={datasets} engines={engines} />;
}

function NotYet({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  return error ? <Failure title="The form could not be filled in" error={error} onRetry={onRetry} /> : <Skeleton className="h-96 max-w-3xl" />;
}

/** What is chosen before anybody chose: the dataset of the address, or the only one. */
function begin(found: readonly DatasetChoice[], { dataset, version, model }: Asked): Draft {
  const named = model !== undefined;
  const draft = { ...noDraft, ...(named && { name: model }) };
  const only = dataset === undefined && found.length === 1 ? found[0] : undefined;
  const chosen = found.find(({ id, name }) => id === dataset || name === dataset) ?? only;
  return chosen ? { ...withDataset(draft, chosen, named), version: version ?? "" } : draft;
}

function NoDatasets() {
  return (
    <EmptyState
      title="A model learns from examples"
      action={
        <a href={paths.datasets} className={outlineLink}>
          Make a dataset
        </a>
      }
    >
      <p>There is no dataset yet. Corrections of answers make one by themselves; files can be imported.</p>
    </EmptyState>
  );
}
