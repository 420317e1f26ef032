import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";

import { useDatasets } from "../queries";
import { KINDS, type Asked } from "../routes";
import type { DatasetRead } from "../shapes";
import { kinds } from "../words";

import { columns } from "./columns";
import { CreateDialog } from "./create-dialog";
import { NoDatasets } from "./no-datasets";
import { answerOf } from "./words";

import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

const fields: Field[] = [{ kind: "choice", id: "kind", label: "Holds", options: KINDS.map((value) => ({ value, label: kinds[value].label.toLowerCase() })) }];

/** What models learn from. */
export default function DatasetsPage() {
  const { q, kind, create } = useSearch({ from: "/signed-in/datasets" });
  const navigate = useNavigate({ from: paths.datasets });
  const go = (change: Record<string, unknown>) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const open = (dataset: DatasetRead, ask?: Asked) => void navigate({ to: paths.dataset, params: { datasetId: dataset.id }, search: { ...(ask && { ask }) } });
  const list = useDatasets({ q, kind });
  const narrowed = q !== undefined || kind !== undefined;
  const none = !narrowed && list.rows?.length === 0;
  const clear = () => go({ q: undefined, kind: undefined });
  const createButton = (
    <Permitted to="datasets:write">
      <Button look={none ? "outline" : "primary"} onClick={() => go({ create: true })}>
        <Plus aria-hidden="true" /> Create a dataset
      </Button>
    </Permitted>
  );

  function made(dataset: DatasetRead) {
    toasts.show(`Created ${dataset.name}`);
    open(dataset, "import");
  }

  return (
    <>
      <PageHead title="Datasets" action={createButton}>
        <span role="status" className="block max-sm:min-h-10">
          {answerOf(narrowed || list.more.has ? [] : list.rows)}
        </span>
      </PageHead>
      {!none && <Filters q={q} kind={kind} onChange={go} />}
      <div className="mt-4">
        <DataTable
          what="datasets"
          columns={columns}
          getKey={({ id }) => id}
          onOpen={(dataset) => open(dataset)}
          getHref={({ id }) => `${paths.datasets}/${id}`}
          {...list}
          empty={narrowed ? <NoneFound onClear={clear} /> : <NoDatasets action={createButton} onMade={open} />}
        />
      </div>
      <Creation open={create === true} onClose={() => go({ create: undefined })} onMade={made} />
    </>
  );
}

interface FiltersProps {
  q: string | undefined;
  kind: string | undefined;
  onChange: (change: Record<string, unknown>) => void;
}

function Filters({ q = "", kind, onChange }: FiltersProps) {
  return (
    <FilterBar
      fields={fields}
      chosen={{ kind: kind === undefined ? [] : [kind] }}
      onChange={(field, values) => onChange({ [field]: values.at(-1) })}
      onClear={() => onChange({ q: undefined, kind: undefined })}
      search={{ value: q, onChange: (text) => onChange({ q: text || undefined }), label: "Search names" }}
    />
  );
}

function Creation({ open, ...dialog }: { open: boolean; onClose: () => void; onMade: (dataset: DatasetRead) => void }) {
  return open ? (
    <Permitted to="datasets:write">
      <CreateDialog {...dialog} />
    </Permitted>
  ) : null;
}

function NoneFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No dataset matches" action={<Button onClick={onClear}>Clear the filters</Button>}>
      <p>None is called so, or holds that.</p>
    </EmptyState>
  );
}
