import { Link } from "@tanstack/react-router";
import { Check, Pencil, Trash2, X } from "lucide-react";
import { useState } from "react";

import { InputView, OutputView } from "../content";
import { CorrectionDialog } from "../correction-dialog";
import { useDataset } from "../dataset-context";
import { ExampleLineage } from "../lineage-strip";
import { StatusMark } from "../marks";
import { useDeleteExample, useVerdict } from "../queries";
import type { ExampleRead } from "../shapes";
import { findingKinds, kinds, sources, splits } from "../words";

import { LearnedBy } from "./learned-by";

import { Confirm } from "@/components/confirm";
import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { Permitted } from "@/components/permitted";
import { SidePanel } from "@/components/side-panel";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";
import { EndUser, useWho } from "@/components/who";
import { percent } from "@/lib/format";
import { paths } from "@/lib/paths";

interface Props {
  of: ExampleRead;
  onClose: () => void;
  onNext: (() => void) | null;
  onPrevious: (() => void) | null;
}

/** One example: what comes in, what should come out, where it came from, and how good it is. */
export function ExamplePanel({ of: example, ...walk }: Props) {
  const dataset = useDataset();
  const { input, output } = kinds[dataset.kind];
  return (
    <SidePanel title={`Example ${example.id}`} of={example.id} {...walk}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p>
          <StatusMark of={example.status} />
        </p>
        <ExampleLineage of={example} />
      </div>
      <section aria-labelledby="input" className="mt-4">
        <h2 id="input" className="text-sm font-medium text-quiet">
          {input}
        </h2>
        <div className="mt-1 text-lg">
          <InputView input={example.input} />
        </div>
      </section>
      <section aria-labelledby="output" className="mt-4">
        <h2 id="output" className="text-sm font-medium text-quiet">
          {output}
        </h2>
        <div className="mt-1 text-lg">
          <OutputView {...example} />
        </div>
      </section>
      <Permitted to="datasets:write">
        <Decisions key={example.id} of={example} onGone={walk.onClose} />
      </Permitted>
      <LearnedBy versions={example.versions} />
      <ExampleFacts of={example} />
    </SidePanel>
  );
}

function Decisions({ of: { id, status, ...example }, onGone }: { of: ExampleRead; onGone: () => void }) {
  const dataset = useDataset();
  const { mutate, error, isPending } = useVerdict(dataset.id);
  const { mutateAsync: discard } = useDeleteExample(dataset.id);
  const [asking, setAsking] = useState<"correct" | "delete" | null>(null);
  const decide = (action: "approve" | "reject") => mutate({ ids: [id], action });
  const close = () => setAsking(null);
  return (
    <>
      <div className="mt-6 flex flex-wrap gap-2">
        <Button look={status === "pending" ? "primary" : "outline"} disabled={isPending || status === "validated"} onClick={() => decide("approve")}>
          <Check aria-hidden="true" /> {status === "validated" ? "Approved" : "Approve"}
        </Button>
        <Button disabled={isPending} onClick={() => setAsking("correct")}>
          <Pencil aria-hidden="true" /> Correct
        </Button>
        <Button disabled={isPending || status === "rejected"} onClick={() => decide("reject")}>
          <X aria-hidden="true" /> {status === "rejected" ? "Rejected" : "Reject"}
        </Button>
        <Button look="quiet" className="ml-auto" onClick={() => setAsking("delete")}>
          <Trash2 aria-hidden="true" /> Delete
        </Button>
      </div>
      {error && <Failure title="Nothing was changed" error={error} className="mt-3" />}
      {asking === "correct" && (
        <CorrectionDialog
          dataset={dataset}
          example={{ id, status, ...example }}
          busy={isPending}
          onSave={(output) => mutate({ ids: [id], action: "correct", output }, { onSuccess: close })}
          onClose={close}
          error={error}
        />
      )}
      {asking === "delete" && (
        <Confirm
          title="Delete this example?"
          action="Delete the example"
          doing="Deleting…"
          onConfirm={async () => {
            await discard(id);
            onGone();
            toasts.show("Deleted the example");
          }}
          onClose={close}
        >
          <p>It is gone from the dataset, and versions that are frozen from now on do not hold it. Those that hold it already stay as they are.</p>
          <p>To keep it out of training only, reject it.</p>
        </Confirm>
      )}
    </>
  );
}

/** The versions that hold an example, each by its number. */
function Held({ versions }: { versions: readonly number[] }) {
  const { id } = useDataset();
  return (
    <span className="flex flex-wrap gap-x-2">
      {versions.slice(0, SHOWN).map((version) => (
        <Link key={version} to={paths.datasetVersions} params={{ datasetId: id }} search={{ version }} className="hit text-accent-ink underline underline-offset-4">
          {version}
        </Link>
      ))}
      {versions.length > SHOWN && "and older ones"}
    </span>
  );
}

const SHOWN = 12;

const fileOf = ({ file, line }: ExampleRead["lineage"]) => file && (line === null ? file : `${file}, line ${line}`);

function Conversation({ id }: { id: string }) {
  return (
    <Link to={paths.operations} search={{ conversation: [id] }} className="hit text-accent-ink underline underline-offset-4">
      {id}
    </Link>
  );
}

function ExampleFacts({ of: example }: { of: ExampleRead }) {
  const { id, source, quality, reasons, split, reviewer, reason, lineage, findings, versions, createdAt, updatedAt } = example;
  const who = useWho();
  return (
    <Facts
      facts={{
        Quality: (
          <>
            {percent(quality)}
            {reasons.length > 0 && <span className="block text-quiet">{reasons.map(({ words }) => words).join("; ")}</span>}
          </>
        ),
        From: sources[source],
        File: fileOf(lineage),
        Split: split === null ? null : splits[split],
        "End user": lineage.user && <EndUser id={lineage.user} />,
        Conversation: lineage.conversation === null ? null : <Conversation id={lineage.conversation} />,
        "Reviewed by": reviewer && (reviewer === "rule" ? "the rule whom this dataset trusts" : who(reviewer)),
        "In versions": versions.length === 0 ? null : <Held versions={versions} />,
        Reason: reason,
        Findings: findings.length === 0 ? null : findings.map((kind) => findingKinds[kind]).join(", "),
        Came: <When at={createdAt} />,
        Changed: updatedAt === createdAt ? null : <When at={updatedAt} />,
        Id: (
          <>
            <code className="font-mono text-xs break-all">{id}</code> <CopyButton text={id} what="the example's id" />
          </>
        ),
      }}
    />
  );
}
