import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Change } from "./changes";

import { When } from "@/components/when";
import { TurnStateMark } from "@/features/improvement/state-mark";
import { StateMark } from "@/features/releases/state-mark";
import { plain } from "@/lib/format";
import { paths } from "@/lib/paths";

const NAME = "hit min-w-0 truncate font-medium underline decoration-line underline-offset-4 hover:decoration-ink";

/** Which models learn anew or change hands, and how that ended: two features, put together here. */
export function Changing({ of: changes }: { of: readonly Change[] }) {
  if (changes.length === 0) return null;
  return (
    <section aria-labelledby="changing">
      <h2 id="changing" className="pb-2 text-base font-semibold">
        What is changing
      </h2>
      <ul className="border-b border-line">
        {changes.map((change) =>
          change.kind === "turn" ? (
            <Line key={change.turn.id} mark={<TurnStateMark state={change.turn.state} />} words={change.turn.words} at={change.at}>
              <Link to={paths.turn} params={{ turnId: change.turn.id }} className={NAME}>
                {change.turn.model} {change.turn.versionNumber}
              </Link>
            </Line>
          ) : (
            <Line key={change.release.id} mark={<StateMark state={change.release.state} />} words={change.release.words} at={change.at}>
              <Link to={paths.release} params={{ releaseId: change.release.id }} className={NAME}>
                {change.release.name} {change.release.version}
              </Link>
            </Line>
          ),
        )}
      </ul>
    </section>
  );
}

function Line({ mark, words, at, children }: { mark: ReactNode; words: string; at: string; children: ReactNode }) {
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-4 border-t border-line py-1.5 md:flex-nowrap">
      <span className="w-30 shrink-0 text-sm">{mark}</span>
      <span className="flex min-w-0 max-md:order-2 max-md:basis-full">{children}</span>
      <span className="min-w-0 flex-1 basis-80 truncate text-sm text-quiet max-md:order-3 max-md:basis-full max-md:whitespace-normal" title={plain(words)}>
        {plain(words)}
      </span>
      <span className="ml-auto shrink-0 text-sm text-quiet max-md:order-1">
        <When at={at} />
      </span>
    </li>
  );
}
