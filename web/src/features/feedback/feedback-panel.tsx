import { Link } from "@tanstack/react-router";

import { Change, StateMark, VerdictMark } from "./columns";
import { useReview } from "./queries";
import { metricName, mood, reasons, types, who } from "./words";

import type { FeedbackRead } from "@/api/schema.gen";
import { CopyButton } from "@/components/copy-button";
import { ExamplesMade } from "@/components/examples-made";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Permitted } from "@/components/permitted";
import { SidePanel } from "@/components/side-panel";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";
import { Who } from "@/components/who";
import { DASH, percent } from "@/lib/format";
import { paths } from "@/lib/paths";

interface Props {
  of: FeedbackRead;
  onClose: () => void;
  onPerson: (person: string) => void;
}

const LINK = "hit text-accent-ink underline underline-offset-4";

/** One piece of feedback: what was said of which answer, by whom, and whether it counts. */
export function FeedbackPanel({ of: feedback, onClose, onPerson }: Props) {
  const { id, metric, comment, withheld, reason, state } = feedback;
  return (
    <SidePanel title={`Feedback ${id}`} of={id} onClose={onClose}>
      <h2 className="flex flex-wrap items-center gap-x-3 text-lg font-semibold">
        <VerdictMark of={feedback} />
        <span className="text-base font-normal text-quiet">{metricName(metric)}</span>
      </h2>
      {state !== "accepted" && reason !== null && <Notice tone={state === "held" ? "warn" : "info"} title={reasons[reason] ?? reason} className="mt-4" />}
      <Correction of={feedback} />
      {comment !== null && <Comment of={feedback} />}
      {withheld !== null && <Notice tone="info" title={withheld} className="mt-4" />}
      <Decide of={feedback} />
      <ExamplesMade of={{ feedback: id }} none="No example was made of it: one is made of a right answer that counts." />
      <Known of={feedback} onPerson={onPerson} />
    </SidePanel>
  );
}

/** What was answered, and what would have been right. */
function Correction({ of: { corrected, given, expected, correction } }: { of: FeedbackRead }) {
  if (!corrected) return null;
  return (
    <section aria-labelledby="correction" className="mt-6">
      <h3 id="correction" className="font-semibold">
        Should have been
      </h3>
      {expected !== null ? (
        <p className="mt-1 text-lg">
          <Change from={given} to={expected} />
        </p>
      ) : (
        correction !== null && <p className="mt-1 rounded-md border border-line bg-surface px-3 py-2 break-words whitespace-pre-wrap">{correction}</p>
      )}
    </section>
  );
}

function Comment({ of: { comment, sentiment, quality } }: { of: FeedbackRead }) {
  return (
    <section aria-labelledby="comment" className="mt-6">
      <h3 id="comment" className="font-semibold">
        Comment
      </h3>
      <blockquote className="mt-1 border-l-2 border-line pl-3 break-words whitespace-pre-wrap">{comment}</blockquote>
      <p className="mt-1 text-xs text-quiet">
        Sounds {mood(sentiment)}
        {quality !== null && `; tells ${percent(quality)} of what a comment can`}. Read by a list of English words, not by a model.
      </p>
    </section>
  );
}

/** What is held is decided here, by who curates data. */
function Decide({ of: { id, state } }: { of: FeedbackRead }) {
  const { mutate, error, isPending } = useReview();
  if (state === "received") return null;
  const done = { accept: () => toasts.show("It counts"), reject: () => toasts.show("It does not count") };
  const decide = (action: "accept" | "reject") => mutate({ ids: [id], action }, { onSuccess: done[action] });
  return (
    <Permitted to="datasets:write">
      <div className="mt-6 space-y-3">
        {error && <Failure title="Nothing was decided" error={error} />}
        <div className="flex flex-wrap gap-2">
          {state !== "accepted" && (
            <Button look="primary" disabled={isPending} onClick={() => decide("accept")}>
              Let it count
            </Button>
          )}
          {state !== "rejected" && (
            <Button disabled={isPending} onClick={() => decide("reject")}>
              Do not count it
            </Button>
          )}
        </div>
      </div>
    </Permitted>
  );
}

const yesOrNo = (value: boolean | null) => (value === null ? null : value ? "yes" : "no");

function Known({ of: feedback, onPerson }: Pick<Props, "of" | "onPerson">) {
  const { id, operationId, conversationId, operationType, model, route, wasUsed, wasHelpful, createdAt, updatedAt, reviewedBy, score } = feedback;
  return (
    <Facts
      facts={{
        State: <StateMark of={feedback} />,
        Operation: operationId && (
          <Link to={paths.operation} params={{ operationId }} className={LINK}>
            the call and its answer
          </Link>
        ),
        Conversation: conversationId && (
          <Link to={paths.operations} search={{ conversation: [conversationId] }} className={LINK}>
            {conversationId}
          </Link>
        ),
        Type: types[operationType],
        Model: model ?? DASH,
        Route: route,
        By: (
          <button type="button" className={LINK} onClick={() => onPerson(feedback.person.id)}>
            {who(feedback)}
          </button>
        ),
        Score: score === null ? null : percent(score),
        Used: yesOrNo(wasUsed),
        Helpful: yesOrNo(wasHelpful),
        Said: <When at={createdAt} />,
        Changed: updatedAt === createdAt ? null : <When at={updatedAt} />,
        "Decided by": reviewedBy === null ? null : <Who id={reviewedBy} />,
        Id: (
          <>
            <code className="font-mono text-xs break-all">{id}</code> <CopyButton text={id} what="the feedback's id" />
          </>
        ),
      }}
    />
  );
}
