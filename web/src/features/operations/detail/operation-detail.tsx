import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { operationQuery } from "../list";
import { Status } from "../operation-status";

import { answered } from "./answered";
import { Attempts } from "./attempts";
import { curl } from "./curl";
import { Facts } from "./facts";
import { Lineage } from "./lineage";
import { Messages } from "./messages";
import { sentence } from "./sentence";

import { useMay } from "@/api/me";
import type { Operation } from "@/api/schema";
import type { OperationRead } from "@/api/schema.gen";
import { CopyButton } from "@/components/copy-button";
import { ExamplesMade } from "@/components/examples-made";
import { Failure } from "@/components/failure";
import { Judgement } from "@/components/judgement/judgement";
import { Skeleton } from "@/components/ui/skeleton";
import { category } from "@/lib/category";
import { duration, orDash, usd } from "@/lib/format";
import { paths } from "@/lib/paths";

/** Everything of one operation; `heading` is h1 on its own page, h2 beside the list. */
export function OperationDetail({ id, heading: Heading = "h2" }: { id: string; heading?: "h1" | "h2" }) {
  const { data, error, refetch } = useQuery(operationQuery(id));
  if (!data) {
    return (
      <>
        <Heading className="sr-only">Operation</Heading>
        {error ? <Failure title="The operation could not be loaded" error={error} onRetry={() => void refetch()} /> : <Waiting />}
      </>
    );
  }
  return (
    <article className="space-y-6">
      <header className="space-y-2">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Heading className="flex min-w-0 items-center gap-2 text-title font-semibold tracking-tight">
            <span aria-hidden="true" className="size-2.5 shrink-0 rounded-full" style={{ backgroundColor: category(data.modelName) }} />
            <span className="min-w-0 break-words">{data.modelName}</span>
          </Heading>
          <Status operation={data as Operation} />
          <p className="text-quiet">
            {orDash(data.latencyMs, duration)} · {usd(data.costUsd)}
          </p>
        </div>
        <p className="max-w-[72ch] text-lg text-pretty">{sentence(data)}</p>
        <Lineage lineage={data.lineage} />
        <Actions operation={data} />
      </header>
      <Messages messages={data.messages} withheld={data.messagesWithheld} />
      {data.status === "success" && <Judgement operationId={data.id} kind={data.kind} answer={answered(data.messages)} />}
      <Became id={data.id} />
      <Attempts {...data} />
      <Facts {...data} />
    </article>
  );
}

/** What was said of it, and what that became in training data. */
function Became({ id }: { id: string }) {
  const mayHear = useMay("feedback:read");
  return (
    <div>
      {mayHear && (
        <Link to={paths.feedback} search={{ period: "all", operation: id }} className="hit text-accent-ink underline">
          All feedback on it
        </Link>
      )}
      <ExamplesMade of={{ operation: id }} none="No example was made of it." />
    </div>
  );
}

function Actions({ operation }: { operation: OperationRead }) {
  const { id, messages, neighbours } = operation;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <a href={`${paths.playground}?operation=${encodeURIComponent(id)}`} className="hit text-accent-ink underline">
        Open in the playground
      </a>
      {messages && messages.length > 0 && (
        <span className="flex items-center gap-1">
          Call it again with curl <CopyButton text={curl(operation, location.origin)} what="the call as curl" labelled />
        </span>
      )}
      <Neighbour id={neighbours.previous}>Before it in the conversation</Neighbour>
      <Neighbour id={neighbours.next}>After it in the conversation</Neighbour>
    </div>
  );
}

function Neighbour({ id, children }: { id: string | null; children: ReactNode }) {
  if (id === null) return null;
  return (
    <Link to={paths.operation} params={{ operationId: id }} className="hit text-accent-ink underline">
      {children}
    </Link>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading the operation" className="space-y-3">
      <Skeleton className="h-7 w-64" />
      <Skeleton className="h-5 w-96 max-w-full" />
      <Skeleton className="h-40 w-full" />
      <Skeleton className="h-24 w-full" />
    </div>
  );
}
