import { Link } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";

import { running, type Answer } from "./answer";

import { Failure } from "@/components/failure";
import { Judgement } from "@/components/judgement/judgement";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { count, duration, usdExact } from "@/lib/format";
import { paths } from "@/lib/paths";

interface Props {
  /** Who was asked. */
  name: string;
  answer: Answer | undefined;
  onAgain: (() => void) | null;
}

/** One answer: its text as it comes, then what it took. */
export function AnswerView({ name, answer, onAgain }: Props) {
  if (!answer) return <p className="text-sm text-quiet">Not asked: {name} was added later.</p>;
  return (
    <article aria-label={`Answer of ${name}`} aria-busy={running(answer)} className="flex min-w-0 flex-col gap-2">
      {answer.text !== "" && <p className="leading-6 break-words whitespace-pre-wrap">{answer.text}</p>}
      {answer.state === "waiting" && <Waiting name={name} />}
      {answer.state === "stopped" && <p className="text-sm text-quiet">Stopped by you; what had come is billed.</p>}
      {answer.state === "done" && answer.text === "" && <p className="text-sm text-quiet">The model answered with no text.</p>}
      {answer.error && (
        <Failure
          title={`${name} did not answer`}
          error={answer.error}
          {...(onAgain && { onRetry: onAgain })}
        />
      )}
      <Took answer={answer} onAgain={answer.error ? null : onAgain} />
      <Judged answer={answer} />
    </article>
  );
}

/** What is said of it goes with its call. */
function Judged({ answer: { state, operationId, text } }: { answer: Answer }) {
  if (state !== "done" || operationId === null) return null;
  return <Judgement small operationId={operationId} kind="chat" answer={text} />;
}

function Waiting({ name }: { name: string }) {
  return (
    <div role="status" aria-label={`Waiting for ${name}`} className="space-y-2 py-1">
      <Skeleton className="h-4 w-5/6" />
      <Skeleton className="h-4 w-2/3" />
    </div>
  );
}

/** Time, tokens and cost, and the way to the operation. */
function Took({ answer, onAgain }: { answer: Answer; onAgain: (() => void) | null }) {
  if (running(answer)) return null;
  const { firstTokenMs, totalMs, tokens, costUsd, model, operationId } = answer;
  const facts: [string, string | null][] = [
    ["Model", model],
    ["First token", firstTokenMs === null ? null : duration(firstTokenMs)],
    ["Total", totalMs === null ? null : duration(totalMs)],
    ["Tokens", tokens && `${count(tokens.input)} in, ${count(tokens.output)} out`],
    ["Cost", costUsd === null ? null : usdExact(costUsd)],
    ["Ended by", answer.finishReason === "length" ? "the limit of tokens" : null],
  ];
  const known = facts.filter(([, value]) => value !== null);
  return (
    <footer className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-quiet">
      {known.length > 0 && (
        <dl className="flex flex-wrap gap-x-4 gap-y-1">
          {known.map(([term, value]) => (
            <div key={term} className="flex gap-1">
              <dt>{term}</dt>
              <dd className="font-medium text-ink">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {operationId !== null && (
        <Link
          to={paths.operation}
          params={{ operationId }}
          className="hit rounded-sm font-medium text-accent-ink underline underline-offset-4"
        >
          Show the operation
        </Link>
      )}
      {onAgain && (
        <Button look="quiet" className="h-6 px-1.5 text-xs" onClick={onAgain}>
          <RotateCw aria-hidden="true" /> Ask again
        </Button>
      )}
    </footer>
  );
}
