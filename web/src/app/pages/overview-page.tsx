import { Changing } from "./overview/changing";
import { useChanges } from "./overview/use-changes";

import { Permitted } from "@/components/permitted";
import { OpenAlerts } from "@/features/alerts/open-alerts";
import { LatestOperations } from "@/features/operations/latest-operations";
import { useLatestOperations } from "@/features/operations/queries";
import { Overview } from "@/features/overview/overview";

/** The overview with what other features know: put together here. */
export default function OverviewPage() {
  const { operations, error, refetch } = useLatestOperations();
  const changes = useChanges();
  return (
    <>
      <title>Overview · Hone</title>
      <Overview
        openAlerts={
          <Permitted to="monitors:read">
            <OpenAlerts />
          </Permitted>
        }
        changing={changes && <Changing of={changes} />}
        recorded={error ? true : operations && operations.length > 0}
        lastOperations={<LatestOperations operations={operations} error={error} onRetry={() => void refetch()} />}
      />
    </>
  );
}
