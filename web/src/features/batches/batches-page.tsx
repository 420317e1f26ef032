import { useNavigate, useSearch } from "@tanstack/react-router";

import { BatchPanel } from "./batch-panel";
import { columns } from "./columns";
import { BATCHES, useBatches } from "./queries";
import { STATUSES } from "./routes";
import { answerOf, statuses } from "./words";

import type { BatchRead } from "@/api/schema.gen";
import { useOpened } from "@/api/use-opened";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { PageHead } from "@/components/page-head";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

const fields: Field[] = [
  { kind: "choice", id: "status", label: "State", options: STATUSES.map((value) => ({ value, label: statuses[value].toLowerCase() })) },
];

/** Many calls at once, made in the background: how far they are. */
export default function BatchesPage() {
  const { status, batch: open } = useSearch({ from: "/signed-in/batches" });
  const navigate = useNavigate({ from: paths.batches });
  const go = (change: Record<string, unknown>) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const list = useBatches(status);
  const none = status === undefined && list.rows?.length === 0;
  const clear = () => go({ status: undefined });
  const close = () => go({ batch: undefined });
  return (
    <>
      <PageHead title="Batches">
        <span role="status" className="block max-sm:min-h-10">
          {(status === undefined && answerOf(list.rows ?? [])) || "Many calls in one file, made in the background: how far they are, and what they cost."}
        </span>
      </PageHead>
      {!none && (
        <FilterBar
          fields={fields}
          chosen={{ status: status === undefined ? [] : [status] }}
          onChange={(field, values) => go({ [field]: values.at(-1) })}
          onClear={clear}
        />
      )}
      <div className="mt-4">
        <DataTable
          what="batches"
          columns={columns}
          getKey={({ id }) => id}
          onOpen={({ id }) => go({ batch: id })}
          open={open ?? null}
          onClose={close}
          {...list}
          empty={status === undefined ? <NoBatches /> : <NoneFound onClear={clear} />}
        />
      </div>
      <Opened id={open} among={list.rows} onClose={close} />
    </>
  );
}

interface OpenedProps {
  id: string | undefined;
  among: BatchRead[] | undefined;
  onClose: () => void;
}

/** The batch whose detail lies beside the list. */
function Opened({ id, among, onClose }: OpenedProps) {
  const { opened, error } = useOpened("batches", BATCHES, among, id);
  if (error) return <Failure title="The batch could not be opened" error={error} className="mt-4" />;
  return opened && <BatchPanel key={opened.id} of={opened} onClose={onClose} />;
}

function NoneFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No batch is in that state" action={<Button onClick={onClear}>Clear the filter</Button>}>
      <p>Batches of every other state are listed without it.</p>
    </EmptyState>
  );
}

const SNIPPET = (origin: string) => `from openai import OpenAI

client = OpenAI(
    base_url="${origin}/v1",
    api_key="YOUR_KEY",
)
with open("nightly.jsonl", "rb") as lines:
    file = client.files.create(file=lines, purpose="batch")
batch = client.batches.create(
    input_file_id=file.id,
    endpoint="/v1/chat/completions",
    completion_window="24h",
)`;

function NoBatches() {
  return (
    <EmptyState title="Run the first batch" snippet={{ title: "Python", code: SNIPPET(window.location.origin) }}>
      <p>A batch is a file with up to 50,000 requests, one on each line. Hone asks them in the background and writes the answers to a file, in the same order.</p>
      <p>
        Each line goes through the same routes, limits and log as any call. What meets a limit waits; what fails stands in an error file; and a restart loses
        nothing. It is for what has time: evaluations, classifications, the embeddings of an archive.
      </p>
    </EmptyState>
  );
}
