import { Outlet, useNavigate, useParams, useSearch } from "@tanstack/react-router";

import { DatasetContext } from "./dataset-context";
import { DatasetDialogs } from "./dataset-dialogs";
import { DatasetHeader } from "./dataset-header";
import { DatasetTabs } from "./dataset-tabs";
import { useDatasetQuery } from "./queries";
import type { Asked } from "./routes";

import { Crumbs } from "@/components/crumbs";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";
import { without } from "@/lib/url-state";

/** One dataset: what it is worth, what waits, and its parts. */
export default function DatasetPage() {
  const { datasetId = "" } = useParams({ strict: false });
  const { ask } = useSearch({ from: "/signed-in/datasets/$datasetId" });
  const navigate = useNavigate();
  const { data, error, refetch } = useDatasetQuery(datasetId);
  const asks = (next: Asked | undefined) => void navigate({ to: ".", search: (now) => ({ ...without(now, "ask"), ...(next && { ask: next }) }), replace: true });
  if (!data) return error ? <Unread error={error} onRetry={() => void refetch()} /> : <Waiting />;
  return (
    <DatasetContext value={data}>
      <DatasetHeader dataset={data} onAsk={asks} />
      <DatasetTabs dataset={data} />
      <Outlet />
      <DatasetDialogs dataset={data} asked={ask} onClose={() => asks(undefined)} />
    </DatasetContext>
  );
}

function Unread({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <div className="space-y-6">
      <header>
        <title>Dataset · Hone</title>
        <Crumbs to={paths.datasets}>Datasets</Crumbs>
        <h1 className="text-title font-semibold tracking-tight">Dataset</h1>
      </header>
      <Failure title="The dataset could not be loaded" error={error} onRetry={onRetry} />
    </div>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading the dataset" className="space-y-4">
      <h1 className="sr-only">Dataset</h1>
      <Skeleton className="h-12 max-w-sm" />
      <Skeleton className="h-8" />
      <Skeleton className="h-72" />
    </div>
  );
}
