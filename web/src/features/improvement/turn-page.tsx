import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { turnQuery } from "./queries";
import { TurnStateMark } from "./state-mark";
import { Answering } from "./turn/answering";
import { EvidenceSection } from "./turn/evidence";
import { Story } from "./turn/story";
import { TurnLinks } from "./turn/turn-links";
import { Way } from "./turn/way";

import type { TurnStory } from "@/api/improvement";
import { CopyButton } from "@/components/copy-button";
import { Crumbs } from "@/components/crumbs";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { When } from "@/components/when";
import { plain } from "@/lib/format";
import { paths } from "@/lib/paths";

/** One round of improvement: what began it, how far it is, what was decided and on what. */
export default function TurnPage() {
  const { turnId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(turnQuery(turnId));
  return (
    <>
      <title>{`${data ? `A turn of ${data.model}` : "Turn"} · Hone`}</title>
      <Crumbs to={paths.improvement}>Automatic improvement</Crumbs>
      {data ? (
        <Shown of={data} />
      ) : error ? (
        <>
          <h1 className="text-title font-semibold tracking-tight">Turn</h1>
          <Failure title="The turn could not be loaded" error={error} onRetry={() => void refetch()} className="mt-4" />
        </>
      ) : (
        <div role="status" aria-label="Loading the turn" className="mt-2 space-y-4">
          <h1 className="sr-only">Turn</h1>
          <Skeleton className="h-12 max-w-sm" />
          <Skeleton className="h-72" />
        </div>
      )}
    </>
  );
}

function Shown({ of: turn }: { of: TurnStory }) {
  const { id, model, state, words, createdAt } = turn;
  return (
    <div className="space-y-8">
      <header>
        <h1 className="text-title font-semibold tracking-tight break-words">A turn of {model}</h1>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-4 gap-y-1">
          <TurnStateMark state={state} />
          <span className="text-quiet">
            begun <When at={createdAt} />
          </span>
          <span className="flex min-w-0 items-center gap-1 text-sm text-quiet">
            <code className="truncate font-mono text-xs">{id}</code>
            <CopyButton text={id} what="the turn's id" />
          </span>
        </p>
        <p className="mt-3 max-w-[72ch] text-lg text-pretty">{plain(words)}</p>
      </header>
      <Way of={turn} />
      <Answering of={turn} />
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Story of={turn} />
        <div className="space-y-8">
          <TurnLinks of={turn} />
          {turn.actions.length === 0 && <EvidenceSection evidence={turn.evidence} title="What the last decision rests on" />}
        </div>
      </div>
    </div>
  );
}
