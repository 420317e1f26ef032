import { ScanSearch } from "lucide-react";

import { useDataset } from "../dataset-context";
import { isRunning, useCancelCheck, useChecks, useRunChecks } from "../queries";
import { FINDING_KINDS } from "../routes";
import type { CheckRead, FindingKind } from "../shapes";

import { summaryOf } from "./words";

import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { When } from "@/components/when";
import { percent } from "@/lib/format";

/** Contradictions are found as examples come in, without a check. */
const CHECKED = FINDING_KINDS.filter((kind): kind is Exclude<FindingKind, "contradictions"> => kind !== "contradictions");

/** Runs the checks and tells how far they are, or what the last ones found. */
export function Checks() {
  const { id, examples } = useDataset();
  const { data: check, error } = useChecks(id);
  const begin = useRunChecks(id);
  const cancel = useCancelCheck(id);
  const running = begin.isPending || isRunning(check);
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Permitted to="datasets:write">
          <Button disabled={running || examples === 0} onClick={() => begin.mutate(CHECKED)}>
            <ScanSearch aria-hidden="true" /> {running ? "Checking…" : "Run the checks"}
          </Button>
          {check && isRunning(check) && (
            <Button disabled={cancel.isPending} onClick={() => cancel.mutate(check.id)}>
              Cancel
            </Button>
          )}
        </Permitted>
        <div role="status" className="min-w-0 flex-1 basis-60">
          {check ? <Standing of={check} /> : !error && <p className="text-quiet">Looks for doubles, wrong labels, leaks between splits, personal data and outliers. Nothing is changed by them.</p>}
        </div>
      </div>
      {cancel.error && <Failure title="The checks were not cancelled" error={cancel.error} />}
      {begin.error && <Failure title="The checks did not begin" error={begin.error} />}
    </div>
  );
}

function Standing({ of: check }: { of: CheckRead }) {
  const { state, stage, progress, error, endsBy, finishedAt, startedAt } = check;
  if (state === "failed") {
    return (
      <Notice tone="bad" title="The last checks ended before they were done">
        {error?.message ?? "The server does not say why."} Nothing of the dataset was changed.
      </Notice>
    );
  }
  if (state === "done" || state === "cancelled") {
    return (
      <p className="text-quiet">
        {state === "done" ? "Checked" : "Cancelled"} <When at={finishedAt ?? startedAt} />. {summaryOf(check)}
      </p>
    );
  }
  return (
    <>
      <p className="flex justify-between gap-4 text-sm text-quiet">
        <span>{stage === "waiting" ? "Waiting for a worker" : stage}</span>{" "}
        <span>
          {percent(progress)}, done or ended <When at={endsBy} />
        </span>
      </p>
      <Progress label="Checked" done={progress} total={1} className="mt-1 w-full" />
    </>
  );
}
