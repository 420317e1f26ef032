import { useQuery } from "@tanstack/react-query";

import { ActorMark } from "./columns";
import { eventQuery } from "./queries";
import { happened, WITHHELD } from "./words";

import type { EventRead } from "@/api/schema.gen";
import { CopyButton } from "@/components/copy-button";
import { Diff } from "@/components/diff/diff";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { SidePanel } from "@/components/side-panel";
import { Skeleton } from "@/components/ui/skeleton";
import { count } from "@/lib/format";
import { fullTime } from "@/lib/time";

interface Props {
  id: string;
  /** The event, where the list has it. */
  known: EventRead | undefined;
  onClose: () => void;
  onNext: (() => void) | null;
  onPrevious: (() => void) | null;
}

/** One event: who, what it was before and what it became. */
export function EventPanel({ id, known, ...walk }: Props) {
  const { data: event, error, refetch } = useQuery({ ...eventQuery(id), ...(known && { placeholderData: known }) });
  return (
    <SidePanel title={event ? happened(event.name) : "Event"} of={id} {...walk}>
      {event && <Detail event={event} />}
      {error && !event && <Failure title="The event could not be loaded" error={error} onRetry={() => void refetch()} />}
      {!event && !error && <Skeleton className="h-60" />}
    </SidePanel>
  );
}

function Detail({ event }: { event: EventRead }) {
  const { before, after, details, personal, withheld } = event;
  return (
    <div className="space-y-5">
      <div>
        <h2 className="text-lg font-semibold">{happened(event.name)}</h2>
        <Facts
          facts={{
            By: <ActorMark actor={event.actor} />,
            When: <time dateTime={event.at}>{fullTime(event.at)}</time>,
            Subject: <Copied text={event.subject} what="the subject's id" />,
            Event: <code className="font-mono text-xs">{event.name}</code>,
          }}
        />
      </div>
      {withheld !== null && (
        <Notice tone="info" title={withheld === "not_permitted" ? "Part of it is withheld" : "Part of it is gone"}>
          {WITHHELD[withheld]}
        </Notice>
      )}
      {(before !== null || after !== null) && (
        <Part title={before === null ? "What was made" : "What changed"}>
          <Diff label="What changed" before={before} after={after} />
        </Part>
      )}
      {personal !== null && <Said title="About the person" facts={personal} />}
      {Object.keys(details).length > 0 && <Said title="Details" facts={details} />}
      <Part title="In the chain">
        <Facts facts={{ Position: count(event.position), Hash: <Copied text={event.hash} what="the hash" />, Id: <Copied text={event.id} what="the event's id" /> }} />
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-medium">{title}</h3>
      {children}
    </section>
  );
}

/** Facts that nobody compares: their names and values. */
function Said({ title, facts }: { title: string; facts: Record<string, unknown> }) {
  const shown = Object.entries(facts).map(([name, value]) => [happened(name), typeof value === "string" ? value : JSON.stringify(value)] as const);
  return (
    <Part title={title}>
      <div className="-mt-4">
        <Facts facts={Object.fromEntries(shown.map(([name, value]) => [name, <span className="break-words">{value}</span>]))} />
      </div>
    </Part>
  );
}

function Copied({ text, what }: { text: string; what: string }) {
  return (
    <>
      <code className="font-mono text-xs break-all">{text}</code> <CopyButton text={text} what={what} />
    </>
  );
}
