import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useState, type ReactNode } from "react";

import { nameOf, StatusMark } from "./columns";
import { ProgressBar } from "./progress-bar";
import { useCancelBatch } from "./queries";
import { isActive, progress, share } from "./words";

import { useMay } from "@/api/me";
import type { BatchRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Permitted } from "@/components/permitted";
import { SidePanel } from "@/components/side-panel";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";
import { count, percent, plural, usdExact } from "@/lib/format";
import { paths } from "@/lib/paths";
import { plannedTime } from "@/lib/time";

interface Props {
  of: BatchRead;
  onClose: () => void;
}

const LINK = "text-accent-ink underline underline-offset-4";

/** A batch: how far it is, what it cost, what went wrong, and its files. */
export function BatchPanel({ of: batch, onClose }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <SidePanel title={`Batch ${nameOf(batch)}`} of={batch.id} onClose={onClose}>
      <h2 className="text-lg font-semibold wrap-anywhere">{nameOf(batch)}</h2>
      <p className="text-quiet">
        <StatusMark of={batch} />
      </p>
      <Progress of={batch} />
      <Problems of={batch} />
      <Files of={batch} />
      <BatchFacts of={batch} />
      {isActive(batch) && batch.status !== "cancelling" && (
        <Permitted to="operations:write">
          <div className="mt-8 border-t border-line pt-6">
            <Button look="danger" onClick={() => setAsking(true)}>
              Stop the batch
            </Button>
          </div>
        </Permitted>
      )}
      {asking && <Cancellation of={batch} onClose={() => setAsking(false)} />}
    </SidePanel>
  );
}

function Progress({ of: batch }: Pick<Props, "of">) {
  if (batch.total === 0) return <p className="mt-6">{isActive(batch) ? "Every line is looked at before the first is asked." : "No line was asked."}</p>;
  return (
    <section aria-label="Progress" className="mt-6">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span>
          <span className="text-figure font-semibold tracking-tight">{percent(share(batch))}</span> <span className="text-quiet">done</span>
        </span>
        <span className="text-sm text-quiet">{progress(batch)}</span>
      </p>
      <ProgressBar of={batch} className="mt-2" />
    </section>
  );
}

function Problems({ of: { errors } }: Pick<Props, "of">) {
  if (errors.length === 0) return null;
  return (
    <section aria-labelledby="problems" className="mt-6">
      <h3 id="problems" className="font-semibold">
        What is wrong
      </h3>
      <ul className="mt-2 max-h-80 overflow-y-auto text-sm" tabIndex={0} aria-label="What is wrong, line by line">
        {errors.map(({ code, message, line }, index) => (
          <li key={index} className="border-t border-line py-2">
            {line != null && <span className="mr-2 text-quiet">Line {count(line)}</span>}
            {message} <code className="font-mono text-xs text-quiet">{code}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Its files are what was asked and answered: for whoever made it, or may read contents. */
function Files({ of: batch }: Pick<Props, "of">) {
  const mayRead = useMay("contents:read");
  if (!batch.mine && !mayRead) return null;
  const files = { "Answers, JSON lines": batch.outputFileId, "Errors, JSON lines": batch.errorFileId, "Input, JSON lines": batch.inputFileId };
  return (
    <section aria-label="Files" className="mt-6 flex flex-wrap gap-x-6 gap-y-2">
      {Object.entries(files).map(
        ([name, id]) =>
          id !== null && (
            <a key={name} href={`/v1/files/${id}/content`} download className={`inline-flex min-h-6 items-center gap-1.5 ${LINK}`}>
              <Download aria-hidden="true" className="size-4 shrink-0" /> {name}
            </a>
          ),
      )}
    </section>
  );
}

function BatchFacts({ of: batch }: Pick<Props, "of">) {
  const { id, endpoint, completed, failed, costUsd, inputTokens, outputTokens, keyName, keyId, createdAt, endedAt, expiresAt } = batch;
  return (
    <Facts
      facts={{
        Endpoint: <code className="font-mono text-xs">{endpoint}</code>,
        Succeeded: plural(completed, "line"),
        Failed: plural(failed, "line"),
        Cost: usdExact(costUsd),
        Tokens: `${count(inputTokens)} in, ${count(outputTokens)} out`,
        "Made with": keyName ?? keyId ?? "a sign-in",
        Begun: <When at={createdAt} />,
        [endedAt === null ? "Ends at the latest" : "Ended"]: endedAt === null ? <time dateTime={expiresAt}>{plannedTime(expiresAt)}</time> : <When at={endedAt} />,
        ...labels(batch),
        Calls: (
          <Link to={paths.operations} search={{ batch: [id] }} className={LINK}>
            its calls in the log
          </Link>
        ),
        Id: (
          <>
            <code className="font-mono text-xs break-all">{id}</code> <CopyButton text={id} what="the batch's id" />
          </>
        ),
      }}
    />
  );
}

const labels = ({ metadata }: BatchRead): Record<string, ReactNode> =>
  metadata === null ? {} : { Metadata: Object.entries(metadata).map(([name, value]) => <span key={name} className="block break-words">{`${name}: ${String(value)}`}</span>) };

function Cancellation({ of: batch, onClose }: Props) {
  const { mutateAsync } = useCancelBatch();

  async function confirmed() {
    await mutateAsync(batch.id);
    onClose();
    toasts.show("The batch stops where it is");
  }

  return (
    <Confirm title="Stop this batch?" action="Stop the batch" doing="Stopping…" onConfirm={confirmed} onClose={onClose}>
      <p>
        No further line is asked. The <strong className="font-medium text-ink">{plural(batch.completed, "answer")}</strong> it has stay, and are written to its
        file; the other lines are named in the error file.
      </p>
      <p>It cannot be taken up again: what is left is another batch.</p>
    </Confirm>
  );
}
