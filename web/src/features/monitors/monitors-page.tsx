import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";

import { columns } from "./columns";
import { MonitorDialog } from "./edit/monitor-dialog";
import { Models } from "./models";
import { Objectives } from "./objectives";
import { monitorsQuery } from "./queries";
import { answerOf } from "./words";

import { usePolling } from "@/api/live";
import { statisticsQuery, type Monitor } from "@/api/watch";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

/** What is watched, and whether it is as it should be. */
export default function MonitorsPage() {
  const { create } = useSearch({ from: "/signed-in/monitors" });
  const navigate = useNavigate({ from: paths.monitors });
  const asks = (asked: boolean) => void navigate({ search: asked ? { create: true } : {}, replace: true });
  const { data, error, refetch } = useQuery({ ...monitorsQuery, refetchInterval: usePolling() });
  const rows = data?.items;
  const { data: standing } = useQuery(statisticsQuery);
  const add = <Add onPress={() => asks(true)} />;

  function made({ id, name }: Monitor) {
    toasts.show(`${name} is watched from now on`);
    void navigate({ to: paths.monitor, params: { monitorId: id } });
  }

  return (
    <>
      <PageHead title="Monitors" action={add}>
        <span role="status" className="block max-sm:min-h-10">
          {rows ? answerOf(rows, standing?.models) : "What is watched, by itself and all the time."}
        </span>
      </PageHead>
      <div className="space-y-8">
        <Models />
        {rows && <Objectives of={rows} />}
        <All rows={rows} error={error} onRetry={() => void refetch()} add={add} />
      </div>
      {create && (
        <Permitted to="monitors:write">
          <MonitorDialog present={null} onSaved={made} onClose={() => asks(false)} />
        </Permitted>
      )}
    </>
  );
}

function Add({ onPress }: { onPress: () => void }) {
  return (
    <Permitted to="monitors:write">
      <Button look="primary" onClick={onPress}>
        <Plus aria-hidden="true" /> Watch something
      </Button>
    </Permitted>
  );
}

function All({ rows, error, onRetry, add }: { rows: Monitor[] | undefined; error: Error | null; onRetry: () => void; add: ReactNode }) {
  const navigate = useNavigate();
  const others = rows?.filter(({ kind }) => kind !== "objective");
  return (
    <section aria-labelledby="all">
      <h2 id="all" className="mb-2 text-base font-semibold">
        Watched besides
      </h2>
      <DataTable
        what="monitors"
        columns={columns}
        rows={others}
        getKey={({ id }) => id}
        getHref={({ id }) => `${paths.monitors}/${id}`}
        onOpen={({ id }) => void navigate({ to: paths.monitor, params: { monitorId: id } })}
        error={error}
        onRetry={onRetry}
        empty={<None action={add} />}
      />
    </section>
  );
}

const SNIPPET = (origin: string) => `curl ${origin}/api/monitors \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "name": "Answers that are right",
    "kind": "metric",
    "model": "ticket-classifier",
    "rule": {"metric": "accuracy", "comparison": "below", "threshold": 0.95}
  }'`;

function None({ action }: { action: ReactNode }) {
  return (
    <EmptyState title="Watch what matters to you" action={action} snippet={{ title: "curl", code: SNIPPET(window.location.origin) }}>
      <p>Every organization has its objectives from the first call on. A monitor watches something of yours besides: how many answers of a model are right, whether people ask for other things than before, or what a route costs.</p>
      <p>It rings when something is wrong by more than chance, however often it looks.</p>
    </EmptyState>
  );
}
