import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { CorrectionDialog } from "../correction-dialog";
import { useDataset } from "../dataset-context";
import type { Output } from "../shapes";
import { useLetterKeys } from "../use-letter-keys";
import { hasLabels } from "../words";

import { Card } from "./card";
import { Controls } from "./controls";
import { NothingToReview, ReviewDone } from "./ends";
import { ReviewHead } from "./review-head";
import { current } from "./session";
import { useReview } from "./use-review";

import { useMay } from "@/api/me";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";

/** One example after the other: approved, corrected or rejected with a key each. */
export default function ReviewPage() {
  const { label } = useSearch({ from: "/signed-in/datasets/$datasetId/review" });
  const dataset = useDataset();
  const navigate = useNavigate();
  const narrow = (to: string | undefined) => void navigate({ to: paths.datasetReview, params: { datasetId: dataset.id }, search: to === undefined ? {} : { label: to }, replace: true });
  return (
    <>
      <title>{`${dataset.name} · Review · Hone`}</title>
      <Review key={`${dataset.id} ${label ?? ""}`} label={label} onLabel={narrow} />
    </>
  );
}

interface Props {
  label: string | undefined;
  onLabel: (label: string | undefined) => void;
}

function Review({ label, onLabel }: Props) {
  const dataset = useDataset();
  const review = useReview(dataset.id, label);
  const { session, pending } = review;
  const mayWrite = useMay("datasets:write");
  const [correcting, setCorrecting] = useState(false);
  const example = current(session);
  const correct = () => example && setCorrecting(true);
  const decided = (action: "approve" | "reject") => mayWrite && !correcting && review.settle({ action });
  useLetterKeys({
    a: () => decided("approve"),
    r: () => decided("reject"),
    e: () => mayWrite && correct(),
    c: () => mayWrite && correct(),
    u: () => mayWrite && review.undo(),
    j: () => review.move(1),
    k: () => review.move(-1),
  });

  function corrected(output: Output) {
    setCorrecting(false);
    review.settle({ action: "correct", output });
  }

  if (!pending.pages) return pending.error ? <Failure title="What waits for review could not be loaded" error={pending.error} onRetry={pending.onRetry} /> : <Waiting />;
  if (session.items.length === 0) return <NothingToReview label={label} onAll={() => onLabel(undefined)} />;
  return (
    <div className="mx-auto max-w-4xl space-y-4">
      <ReviewHead session={session} total={pending.total} {...(hasLabels(dataset.kind) && { label, onLabel })} />
      {review.lost && (
        <Failure title="A decision was not kept; its example is here again" error={review.lost.error} />
      )}
      {example ? <Card of={example} decision={session.decided.get(example.id)} /> : <ReviewDone session={session} />}
      {mayWrite ? (
        <Controls
          ready={example !== undefined}
          undoable={session.past.length > 0}
          onApprove={() => decided("approve")}
          onCorrect={correct}
          onReject={() => decided("reject")}
          onUndo={review.undo}
        />
      ) : (
        <p className="text-quiet">Your role lets you read examples, not decide about them. j and k walk through them.</p>
      )}
      {correcting && example && <CorrectionDialog dataset={dataset} example={example} busy={false} error={null} onSave={corrected} onClose={() => setCorrecting(false)} />}
    </div>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading what waits for review" className="mx-auto max-w-4xl space-y-4">
      <Skeleton className="h-8" />
      <Skeleton className="h-72" />
    </div>
  );
}
