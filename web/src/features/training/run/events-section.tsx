import { useQuery } from "@tanstack/react-query";
import { Flag, Hourglass, Save, TriangleAlert, type LucideIcon } from "lucide-react";

import { eventsQuery } from "../queries";

import type { Run } from "@/api/learning";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { briefTime, fullTime } from "@/lib/time";

const looks: Record<string, { Icon: LucideIcon; tint: string }> = {
  milestone: { Icon: Flag, tint: "text-good" },
  checkpoint: { Icon: Save, tint: "text-quiet" },
  warning: { Icon: TriangleAlert, tint: "text-warn" },
};

/** Progress is told by the bar; a list of it would hide the rest. */
const TOLD_ELSEWHERE = "progress";

/** What happened to the run, newest first. */
export function EventsSection({ run }: { run: Run }) {
  const { data, error, refetch } = useQuery(eventsQuery(run.id, run));
  const events = data?.items.filter(({ kind }) => kind !== TOLD_ELSEWHERE).reverse();
  return (
    <section aria-labelledby="events" className="min-w-0">
      <h2 id="events" className="text-lg font-semibold">
        What happened
      </h2>
      {error ? (
        <Failure title="What happened could not be loaded" error={error} onRetry={() => void refetch()} className="mt-3" />
      ) : !events ? (
        <Skeleton className="mt-3 h-32" />
      ) : events.length === 0 ? (
        <p className="mt-3 text-quiet">Nothing yet.</p>
      ) : (
        <ol aria-label="What happened, newest first" tabIndex={0} className="mt-3 max-h-80 overflow-y-auto text-sm">
          {events.map(({ at, kind, message }, index) => {
            const { Icon, tint } = looks[kind] ?? { Icon: Hourglass, tint: "text-quiet" };
            return (
              <li key={index} className="flex items-baseline gap-3 border-t border-line py-1.5">
                <time dateTime={at} title={fullTime(at)} className="w-16 shrink-0 text-xs text-quiet">
                  {briefTime(at)}
                </time>
                <Icon aria-hidden="true" className={`size-4 shrink-0 self-center ${tint}`} />
                <span className="min-w-0 wrap-anywhere">
                  {kind === "warning" && <span className="sr-only">Warning: </span>}
                  {message}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
