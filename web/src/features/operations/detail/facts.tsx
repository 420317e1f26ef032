import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Json } from "./messages";

import type { OperationRead, SplitRead } from "@/api/schema.gen";
import { CopyButton } from "@/components/copy-button";
import { EndUser } from "@/components/who";
import { count, DASH, duration, orDash, percent, usdExact } from "@/lib/format";
import { paths } from "@/lib/paths";
import { fullTime } from "@/lib/time";

/** What is known besides: ids to copy, who called, tokens, times. */
export function Facts(operation: OperationRead) {
  const { caller, metadata } = operation;
  return (
    <section aria-labelledby="facts" className="space-y-3">
      <h2 id="facts" className="text-base font-semibold">
        Facts
      </h2>
      <dl className="grid grid-cols-1 gap-x-8 sm:grid-cols-2">
        <Fact name="Id">
          <Id id={operation.id} what="the operation's id" />
        </Fact>
        <Fact name="Time">{fullTime(operation.createdAt)}</Fact>
        <Fact name="Route">{operation.route ?? DASH}</Fact>
        <Fact name="Called by">{caller?.name ?? <Id id={caller?.id ?? null} what="the caller's id" />}</Fact>
        <Fact name="User">
          <User id={operation.userId} />
        </Fact>
        <Fact name="Conversation">
          <Id id={operation.conversationId} what="the conversation's id" />
        </Fact>
        <Fact name="Your id">
          <Id id={operation.externalId} what="your id" />
        </Fact>
        {operation.batchId !== null && (
          <Fact name="Batch">
            <Id id={operation.batchId} what="the batch's id" />
          </Fact>
        )}
        <Arm of={operation.split} />
        <Fact name="Kind">{`${operation.kind}${operation.stream ? ", streamed" : ""}`}</Fact>
        <Fact name="Model at the provider">{operation.upstream ?? DASH}</Fact>
        <Fact name="Ended with">{[operation.finishReason, operation.errorCode, DASH].find(Boolean)}</Fact>
        <Fact name="Tokens">{tokens(operation)}</Fact>
        <Fact name="Cost">{usdExact(operation.costUsd)}</Fact>
        <Fact name="First token">{orDash(operation.ttftMs, duration)}</Fact>
        <Fact name="Added by Hone">{orDash(operation.overheadMs, (value) => `${value} ms`)}</Fact>
      </dl>
      {metadata && <Json value={metadata} label="Metadata" />}
    </section>
  );
}

/** Which way of answering the call met, and where that was decided. */
function Arm({ of: split }: { of: SplitRead | null }) {
  if (split === null) return null;
  const { id, kind, arm, chance, rescued } = split;
  const href = `${kind === "experiment" ? paths.experiments : paths.releases}/${id}`;
  return (
    <Fact name="Arm">
      {arm} of{" "}
      <Link to={href} className="hit text-accent-ink underline underline-offset-4">
        the {kind}
      </Link>
      , by a chance of {percent(chance)}
      {rescued && "; nothing of the arm was available, so it was answered as without it"}
    </Fact>
  );
}

/** The cache's are parts of what went in. */
function tokens({ inputTokens, outputTokens, cachedTokens, cacheWriteTokens, cacheWriteHourTokens }: OperationRead): string {
  const parts = [`${count(inputTokens)} in`, `${count(outputTokens)} out`, `${count(cachedTokens)} cached`];
  const hour = cacheWriteHourTokens > 0 ? `, ${count(cacheWriteHourTokens)} of them for an hour` : "";
  if (cacheWriteTokens > 0) parts.push(`${count(cacheWriteTokens)} put into the cache${hour}`);
  return parts.join(", ");
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center gap-3 border-t border-line py-1">
      <dt className="w-36 shrink-0 text-quiet">{name}</dt>
      <dd className="min-w-0 flex-1 break-words">{children}</dd>
    </div>
  );
}

function User({ id }: { id: string | null }) {
  if (id === null) return DASH;
  return (
    <span className="flex items-center gap-1">
      <span className="min-w-0 break-words">
        <EndUser id={id} />
      </span>
      <CopyButton text={id} what="the user's id" />
    </span>
  );
}

function Id({ id, what }: { id: string | null; what: string }) {
  if (id === null) return DASH;
  return (
    <span className="flex items-center gap-1">
      <code className="min-w-0 font-mono text-xs break-all">{id}</code>
      <CopyButton text={id} what={what} />
    </span>
  );
}
