import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";

import { columns } from "./columns";
import { useExperiments } from "./queries";
import { STATES } from "./routes";
import { answerOf, states } from "./words";

import { useMay } from "@/api/me";
import { ColumnChoice } from "@/components/data-table/column-choice";
import { chosen, useRememberedColumns } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { primaryLink } from "@/components/ui/looks";
import { paths } from "@/lib/paths";

const fields: Field[] = [{ kind: "choice", id: "state", label: "State", options: STATES.map((value) => ({ value, label: states[value].toLowerCase() })) }];

/** Two ways to answer, tried side by side on real calls: which is better, and by how much. */
export default function ExperimentsPage() {
  const { state } = useSearch({ from: "/signed-in/experiments" });
  const navigate = useNavigate({ from: paths.experiments });
  const [ids, choose] = useRememberedColumns("experiments", columns);
  const list = useExperiments(state);
  const go = (change: Record<string, unknown>) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const show = (next: string | undefined) => go({ state: next });
  return (
    <>
      <PageHead title="Experiments" action={<NewExperiment />}>
        <span role="status" className="block max-sm:min-h-10">
          {(state === undefined && answerOf(list.rows ?? [])) || "Two ways to answer, tried side by side on real calls: which is better, and by how much."}
        </span>
      </PageHead>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <FilterBar fields={fields} chosen={{ state: state === undefined ? [] : [state] }} onChange={(_, values) => show(values.at(-1))} onClear={() => show(undefined)} />
        <span className="max-md:hidden">
          <ColumnChoice columns={columns} shown={ids} onChange={choose} />
        </span>
      </div>
      <div className="mt-4">
        <DataTable
          what="experiments"
          columns={chosen(columns, ids)}
          getKey={({ id }) => id}
          getHref={({ id }) => `${paths.experiments}/${id}`}
          onOpen={({ id }) => void navigate({ to: paths.experiment, params: { experimentId: id } })}
          {...list}
          empty={state === undefined ? <None /> : <NoneFound onClear={() => show(undefined)} />}
        />
      </div>
    </>
  );
}

function NewExperiment() {
  return (
    <Permitted to="experiments:write">
      <Link to={paths.newExperiment} className={primaryLink}>
        <Plus aria-hidden="true" className="size-4" /> Compare two
      </Link>
    </Permitted>
  );
}

function NoneFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No experiment matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
      <p>Experiments of every other state are listed without them.</p>
    </EmptyState>
  );
}

const SNIPPET = (origin: string) => `curl ${origin}/api/ai/ab-tests \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "name": "a shorter prompt",
    "modelA": "assistant",
    "modelB": "assistant-short",
    "trafficSplit": 0.5,
    "successMetrics": ["rating"]
  }'`;

function None() {
  const may = useMay("experiments:write");
  return (
    <EmptyState title="Find out which is better" {...(may && { action: <NewExperiment /> })} snippet={{ title: "curl", code: SNIPPET(window.location.origin) }}>
      <p>A new model, prompt or route looks better in a demonstration than it is. An experiment gives it to a part of the people who ask, by lot, and compares what comes of it: resolved, judged, slower, dearer.</p>
      <p>The page says in words when there is enough to tell, and when it was chance. Nothing is changed for everybody until you decide.</p>
    </EmptyState>
  );
}
