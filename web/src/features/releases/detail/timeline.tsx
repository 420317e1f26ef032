import { planned } from "../words";

import type { Release, ReleaseEvent } from "@/api/releases";
import { useWho } from "@/components/who";
import { briefTime, fullTime } from "@/lib/time";

/** What happened, newest first, and who did it. */
export function ReleaseTimeline({ of: { timeline } }: { of: Release }) {
  return (
    <section aria-labelledby="timeline" className="min-w-0">
      <h2 id="timeline" className="text-lg font-semibold">
        What happened
      </h2>
      <ol aria-label="What happened, newest first" tabIndex={0} className="mt-2 max-h-96 overflow-y-auto text-sm">
        {[...timeline].reverse().map((event, index) => (
          <Line key={timeline.length - index} of={event} />
        ))}
      </ol>
    </section>
  );
}

function Line({ of: { at, words, share, actor } }: { of: ReleaseEvent }) {
  const who = useWho();
  return (
    <li className="flex items-baseline gap-3 border-t border-line py-1.5">
      <time dateTime={at} title={fullTime(at)} className="w-24 shrink-0 text-xs text-quiet">
        {briefTime(at)}
      </time>
      <span className="min-w-0 flex-1 text-pretty wrap-anywhere">
        {words} {actor !== "system" && <span className="text-quiet">({who(actor)})</span>}
      </span>
      {share !== null && <span className="shrink-0 text-xs text-quiet">{planned(share)}</span>}
    </li>
  );
}
