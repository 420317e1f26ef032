import { TurnStateMark } from "../state-mark";
import { states } from "../words";

import type { Decision, TurnStory } from "@/api/improvement";
import { useWho } from "@/components/who";
import { plain } from "@/lib/format";
import { briefTime, fullTime } from "@/lib/time";

/** What was decided, in words, oldest first, with who did. */
export function Story({ of: { timeline } }: { of: TurnStory }) {
  const who = useWho();
  return (
    <section aria-labelledby="story" className="min-w-0">
      <h2 id="story" className="text-base font-semibold">
        The story
      </h2>
      <ol className="mt-3">
        {timeline.map((each, index) => (
          <Line key={`${each.at} ${each.decision}`} of={each} by={each.who === "system" ? null : who(each.who)} last={index === timeline.length - 1} />
        ))}
      </ol>
    </section>
  );
}

function Line({ of: { at, step, words }, by, last }: { of: Decision; by: string | null; last: boolean }) {
  return (
    <li className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-3">
      <span className="flex flex-col items-center">
        <span className="flex h-5 items-center">
          <TurnStateMark state={step} bare />
        </span>
        {!last && <span aria-hidden="true" className="my-1 w-px flex-1 bg-line" />}
      </span>
      <div className="pb-4">
        <p className="max-w-[72ch] text-pretty wrap-anywhere">
          <span className="sr-only">{states[step]}: </span>
          {plain(words)}
        </p>
        <p className="mt-0.5 text-xs text-quiet">
          <time dateTime={at} title={fullTime(at)}>
            {briefTime(at)}
          </time>
          {by !== null && `, by ${by}`}
        </p>
      </div>
    </li>
  );
}
