import { Link, useNavigate } from "@tanstack/react-router";
import { CircleCheck, Snowflake } from "lucide-react";

import { useDataset } from "../dataset-context";
import { TrainOn } from "../train-on";

import { tally, type Session } from "./session";

import { EmptyState } from "@/components/empty-state";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { count, plural } from "@/lib/format";
import { paths } from "@/lib/paths";

const LINK = "text-accent-ink underline underline-offset-4";

/** Nothing waits, and why something may later. */
export function NothingToReview({ label, onAll }: { label: string | undefined; onAll: () => void }) {
  const { id, examples } = useDataset();
  return (
    <EmptyState title={label === undefined ? "Nothing waits for review" : `Nothing of ${label} waits for review`} action={label !== undefined && <Button onClick={onAll}>Show every label</Button>}>
      <p>Here one goes through examples that nobody has looked at yet: a to approve, e to correct, r to reject, u to take it back.</p>
      <p>
        Corrections of people whom the dataset does not trust come here, and inputs that have two outputs.{" "}
        {examples > 0 && (
          <Link to={paths.datasetFindings} params={{ datasetId: id }} className={LINK}>
            The checks
          </Link>
        )}
        {examples > 0 && " find more: doubles, labels that look wrong, personal data."}
      </p>
    </EmptyState>
  );
}

/** All is decided: what was done, and what comes next. */
export function ReviewDone({ session }: { session: Session }) {
  const { id, name, validated } = useDataset();
  const navigate = useNavigate();
  const { approve, correct, reject } = tally(session);
  return (
    <section aria-label="The end of the review" className="rounded-md border border-line bg-surface p-6">
      <h2 className="flex items-center gap-2 text-lg font-semibold">
        <CircleCheck aria-hidden="true" className="size-5 text-good" /> That was the last of {plural(session.items.length, "example")}
      </h2>
      <p className="mt-1 max-w-[72ch] text-pretty text-quiet">
        {count(approve)} approved, {count(correct)} corrected, {count(reject)} rejected. What is approved or corrected can be learned from. A training freezes a version by itself.
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        <TrainOn dataset={{ name, validated: Math.max(validated, approve + correct) }} />
        <Permitted to="datasets:write">
          <Button onClick={() => void navigate({ to: paths.datasetVersions, params: { datasetId: id }, search: { ask: "freeze" } })}>
            <Snowflake aria-hidden="true" /> Freeze a version
          </Button>
        </Permitted>
      </div>
    </section>
  );
}
