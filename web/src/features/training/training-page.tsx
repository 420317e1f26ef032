import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { GitCompare, Plus } from "lucide-react";
import { useState, type ReactNode } from "react";

import { columns } from "./columns";
import { Machine } from "./machine";
import { useRuns } from "./queries";
import { MOST_COMPARED, STATES } from "./routes";
import { Sections } from "./sections";
import { answerOf, isOver, states } from "./words";

import type { Run } from "@/api/learning";
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
import { useNow } from "@/lib/use-now";

const fields: Field[] = [
  { kind: "choice", id: "state", label: "State", options: STATES.map((value) => ({ value, label: states[value].toLowerCase() })) },
  { kind: "text", id: "model", label: "Model", example: "ticket-classifier" },
  { kind: "text", id: "dataset", label: "Dataset", example: "tickets" },
  { kind: "text", id: "datasetVersion", label: "Version of the dataset", example: "3" },
];

/** Models being made: how far they are, why others wait, and what came of those before. */
export default function TrainingPage() {
  const { state, model, dataset, datasetVersion } = useSearch({ from: "/signed-in/training" });
  const navigate = useNavigate({ from: paths.training });
  const go = (change: Record<string, unknown>) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const list = useRuns({ state, model, dataset, datasetVersion });
  const filtered = [state, model, dataset, datasetVersion].some((each) => each !== undefined);
  const clear = () => go({ state: undefined, model: undefined, dataset: undefined, datasetVersion: undefined });
  return (
    <>
      <PageHead title="Training" action={<NewRun />}>
        <Answer runs={filtered ? [] : (list.rows ?? [])} />
      </PageHead>
      <Sections />
      {list.rows?.some((run) => !isOver(run)) && <Machine />}
      <Runs list={list} empty={filtered ? <NoneFound onClear={clear} /> : <NoRuns />}>
        <FilterBar fields={fields} chosen={{ state: one(state), model: one(model), dataset: one(dataset), datasetVersion: one(datasetVersion) }} onChange={(field, values) => go({ [field]: values.at(-1) })} onClear={clear} />
      </Runs>
    </>
  );
}

const one = (value: string | undefined): string[] => (value === undefined ? [] : [value]);

/** The list, with what narrows it above. */
function Runs({ list, empty, children }: { list: ReturnType<typeof useRuns>; empty: ReactNode; children: ReactNode }) {
  const navigate = useNavigate();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [ids, choose] = useRememberedColumns("training", columns);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-2">
        {children}
        <span className="max-md:hidden">
          <ColumnChoice columns={columns} shown={ids} onChange={choose} />
        </span>
      </div>
      <div className="mt-4">
        <DataTable
          what="training runs"
          columns={chosen(columns, ids)}
          getKey={({ id }) => id}
          getHref={({ id }) => `${paths.training}/${id}`}
          onOpen={({ id }) => void navigate({ to: paths.run, params: { runId: id } })}
          selection={{ keys: picked, onChange: setPicked }}
          bulk={(rows) => <Compare runs={rows} />}
          {...list}
          empty={empty}
        />
      </div>
    </>
  );
}

function Answer({ runs }: { runs: readonly Run[] }) {
  const now = useNow(5000);
  return (
    <span role="status" className="block max-sm:min-h-10">
      {answerOf(runs, now) || "Models made from your own examples: how far they are, and what came of them."}
    </span>
  );
}

function NewRun() {
  return (
    <Permitted to="training:write">
      <Link to={paths.newRun} className={primaryLink}>
        <Plus aria-hidden="true" className="size-4" /> Train a model
      </Link>
    </Permitted>
  );
}

function Compare({ runs }: { runs: readonly Run[] }) {
  const navigate = useNavigate();
  const fits = runs.length >= 2 && runs.length <= MOST_COMPARED;
  return (
    <Button disabled={!fits} onClick={() => void navigate({ to: paths.compareRuns, search: { run: runs.map(({ id }) => id) } })}>
      <GitCompare aria-hidden="true" /> {fits ? `Compare ${runs.length} runs` : runs.length < 2 ? "Choose another to compare" : `Compare up to ${MOST_COMPARED}`}
    </Button>
  );
}

function NoneFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No run matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
      <p>Runs of every other state and model are listed without them.</p>
    </EmptyState>
  );
}

const SNIPPET = (origin: string) => `curl ${origin}/api/training/runs \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "name": "ticket-classifier",
    "task": "intent",
    "engine": "linear",
    "data": {"dataset": "ticket-classifier"}
  }'`;

function NoRuns() {
  const may = useMay("training:write");
  return (
    <EmptyState title="Train the first model" {...(may && { action: <NewRun /> })} snippet={{ title: "curl", code: SNIPPET(window.location.origin) }}>
      <p>A small model made from your own examples sorts tickets, finds names and dates or answers what was answered before: in milliseconds, on your own machine, for nothing.</p>
      <p>A run takes a frozen version of a dataset, trains, and proves the result on examples that it never saw. Nothing goes into force by itself: the evidence comes first.</p>
    </EmptyState>
  );
}
