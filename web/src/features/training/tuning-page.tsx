import { Link, useNavigate } from "@tanstack/react-router";

import { useTuningJobs } from "./queries";
import { Sections } from "./sections";
import { Cancel } from "./tuning/cancel";
import { columns } from "./tuning/columns";
import { answerOf } from "./tuning/words";

import { useMay } from "@/api/me";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { PageHead } from "@/components/page-head";
import { paths } from "@/lib/paths";

/** Models tuned with the client of OpenAI: how far they are, and what to call them by. */
export default function TuningPage() {
  const navigate = useNavigate();
  const may = useMay("training:write");
  const list = useTuningJobs();
  const cancel = { id: "cancel", header: "End it", cell: Cancel, priority: 1 as const, width: "6rem", phoneWidth: "5.5rem" };
  return (
    <>
      <PageHead title="Training">
        <span role="status" className="block max-sm:min-h-10">
          {answerOf(list.rows ?? []) || "Models tuned with OpenAI’s client: how far they are, and what to call them by."}
        </span>
      </PageHead>
      <Sections />
      <DataTable
        what="tuning jobs"
        columns={may ? [...columns, cancel] : columns}
        getKey={({ id }) => id}
        onOpen={({ run }) => {
          if (run !== null) void navigate({ to: paths.run, params: { runId: run } });
        }}
        {...list}
        empty={<None />}
      />
      {(list.rows?.length ?? 0) > 0 && (
        <p className="mt-4 max-w-[72ch] text-sm text-quiet">
          Jobs of models that do not begin with <code className="font-mono">hone:</code> go on to your provider and stand in its own list. What Hone itself trains at a provider is among the{" "}
          <Link to={paths.training} className="text-accent-ink underline underline-offset-4">
            runs
          </Link>
          .
        </p>
      )}
    </>
  );
}

const SNIPPET = (origin: string) => `from openai import OpenAI

client = OpenAI(
    base_url="${origin}/v1",
    api_key="YOUR_KEY",
)
with open("tickets.jsonl", "rb") as lines:
    file = client.files.create(
        file=lines,
        purpose="fine-tune",
        extra_headers={"x-hone-files": "here"},
    )
job = client.fine_tuning.jobs.create(
    model="hone:linear",
    training_file=file.id,
    suffix="tickets",
)`;

function None() {
  return (
    <EmptyState title="Tune as with OpenAI" snippet={{ title: "Python", code: SNIPPET(window.location.origin) }}>
      <p>A program that begins fine-tuning jobs with OpenAI’s client trains Hone’s engines with two words changed: the address, and the model.</p>
      <p>Its files are checked line by line first. Then the job is a training run like any other: it waits in the same queue, and its model can be called when it is done.</p>
    </EmptyState>
  );
}
