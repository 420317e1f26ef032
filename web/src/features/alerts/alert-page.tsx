import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { AlertDetail } from "./alert-detail";
import { alertQuery } from "./queries";

import { usePolling } from "@/api/live";
import { Crumbs } from "@/components/crumbs";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** One alert by its address. */
export default function AlertPage() {
  const { alertId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery({ ...alertQuery(alertId), refetchInterval: usePolling() });
  return (
    <div className="max-w-4xl">
      <title>{`${data?.title ?? "Alert"} · Hone`}</title>
      <Crumbs to={paths.alerts}>Alerts</Crumbs>
      {data ? (
        <AlertDetail of={data} page />
      ) : error ? (
        <>
          <h1 className="text-title font-semibold tracking-tight">Alert</h1>
          <Failure title="The alert could not be loaded" error={error} onRetry={() => void refetch()} className="mt-4" />
        </>
      ) : (
        <div role="status" aria-label="Loading the alert" className="mt-2 space-y-4">
          <h1 className="sr-only">Alert</h1>
          <Skeleton className="h-12 max-w-sm" />
          <Skeleton className="h-64" />
        </div>
      )}
    </div>
  );
}
