import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useDataset } from "../dataset-context";
import { at, statisticsQuery, useExamples, useVerdict } from "../queries";
import type { ExamplesSearch } from "../routes";
import type { ExampleRead } from "../shapes";

import { columns } from "./columns";
import { ExamplePanel } from "./example-panel";
import { askedOf, chosenOf, fields, filtersOf, withFilter } from "./fields";
import { NoExamples, NoneMatch } from "./no-examples";

import { useMay } from "@/api/me";
import { useOpened } from "@/api/use-opened";
import { ColumnChoice } from "@/components/data-table/column-choice";
import { chosen, useRememberedColumns } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Failure } from "@/components/failure";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { plural } from "@/lib/format";
import { paths } from "@/lib/paths";
import { without } from "@/lib/url-state";

const NONE: ReadonlySet<string> = new Set();

/** Every example of a dataset, narrowed down as one likes. */
export default function ExamplesPage() {
  const dataset = useDataset();
  const search: ExamplesSearch = useSearch({ from: "/signed-in/datasets/$datasetId/" });
  const navigate = useNavigate();
  const show = (next: ExamplesSearch) => void navigate({ to: paths.dataset, params: { datasetId: dataset.id }, search: next, replace: true });
  const { data: statistics } = useQuery(statisticsQuery(dataset.id));
  const [shown, choose] = useRememberedColumns(`examples.${dataset.kind}`, columns[dataset.kind]);
  const [picked, setPicked] = useState(NONE);
  const mayWrite = useMay("datasets:write");
  const list = useExamples(dataset.id, askedOf(search));
  const narrowed = Object.keys(filtersOf(search)).length > 0;
  const close = () => show(without(search, "example"));

  return (
    <>
      <title>{`${dataset.name} · Hone`}</title>
      <div className="flex flex-wrap items-start gap-2">
        <div className="min-w-0 flex-1">
          <FilterBar
            fields={fields(dataset.kind, statistics)}
            chosen={chosenOf(search)}
            onChange={(field, values) => show(withFilter(search, field, values))}
            onClear={() => show({})}
            search={{ value: search.q ?? "", onChange: (q) => show({ ...without(search, "q", "example"), ...(q && { q }) }), label: "Search examples" }}
          />
        </div>
        <ColumnChoice columns={columns[dataset.kind]} shown={shown} onChange={choose} />
      </div>
      <p role="status" className="mt-3 min-h-5 text-quiet">
        {told(list.rows?.length, list.total, narrowed)}
      </p>
      <div className="mt-1">
        <DataTable
          what="examples"
          columns={chosen(columns[dataset.kind], shown)}
          getKey={({ id }) => id}
          onOpen={({ id }) => show({ ...search, example: id })}
          open={search.example ?? null}
          onClose={close}
          {...(mayWrite && { selection: { keys: picked, onChange: setPicked }, bulk: (rows: ExampleRead[]) => <Bulk rows={rows} onDone={() => setPicked(NONE)} /> })}
          {...list}
          empty={narrowed ? <NoneMatch onClear={() => show({})} /> : <NoExamples />}
        />
      </div>
      <Beside search={search} rows={list.rows} onOpen={(example) => show({ ...search, example })} onClose={close} />
    </>
  );
}

/** How many there are, as far as they are counted. */
function told(loaded: number | undefined, total: number | null, narrowed: boolean): string {
  if (loaded === undefined || loaded === 0) return "";
  const many = total === null ? `The first ${plural(loaded, "example")}` : plural(total, "example");
  return narrowed ? `${many} ${total === 1 ? "matches" : "match"}, newest first.` : `${many}, newest first.`;
}

interface BesideProps {
  search: ExamplesSearch;
  rows: ExampleRead[] | undefined;
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** The example that is open; its neighbours in the list are a key away. */
function Beside({ search: { example: id }, rows, onOpen, onClose }: BesideProps) {
  const dataset = useDataset();
  const { opened, error } = useOpened("datasets", at(dataset.id, "examples"), rows, id);
  if (error) return <Failure title="The example could not be opened" error={error} className="mt-4" />;
  if (!opened) return null;
  const place = rows?.findIndex((row) => row.id === id) ?? -1;
  const go = (next: ExampleRead | undefined) => (next && place >= 0 ? () => onOpen(next.id) : null);
  return <ExamplePanel of={opened} onClose={onClose} onNext={go(rows?.[place + 1])} onPrevious={go(rows?.[place - 1])} />;
}

function Bulk({ rows, onDone }: { rows: ExampleRead[]; onDone: () => void }) {
  const dataset = useDataset();
  const { mutateAsync, isPending } = useVerdict(dataset.id);
  const ids = rows.map(({ id }) => id);

  async function decide(action: "approve" | "reject") {
    try {
      await mutateAsync({ ids, action });
      onDone();
      toasts.show(`${action === "approve" ? "Approved" : "Rejected"} ${plural(ids.length, "example")}`, {
        label: "Undo",
        run: () => mutateAsync({ ids, action: "undo" }),
      });
    } catch (reason) {
      toasts.show(`Nothing was changed. ${reason instanceof Error ? reason.message : ""}`);
    }
  }

  return (
    <>
      <Button disabled={isPending} onClick={() => void decide("approve")}>
        Approve
      </Button>
      <Button disabled={isPending} onClick={() => void decide("reject")}>
        Reject
      </Button>
    </>
  );
}
