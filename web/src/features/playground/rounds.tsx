import { Pencil } from "lucide-react";

import { running } from "./answer";
import { AnswerView } from "./answer-view";
import type { Round, Side } from "./conversation";
import type { Conversation, Lanes } from "./use-conversation";
import { verdict } from "./verdict";

import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

interface Props {
  conversation: Conversation;
  lanes: Lanes;
  onEdit: (round: Round) => void;
}

/** The conversation so far: each question, its answers beside each other, and how they compare. */
export function Rounds({ conversation, lanes, onEdit }: Props) {
  const { rounds, sides, busy } = conversation;
  return (
    <ol className="space-y-6">
      {rounds.map((round) => (
        <li key={round.id} className="space-y-3 border-t border-line pt-4 first:border-t-0">
          <div className="flex items-start gap-3">
            <p className="max-w-[72ch] min-w-0 flex-1 rounded-md bg-sunken px-3 py-2 leading-6 break-words whitespace-pre-wrap">
              <span className="sr-only">You: </span>
              {round.prompt}
            </p>
            <Button look="quiet" className="px-2" disabled={busy} onClick={() => onEdit(round)}>
              <Pencil aria-hidden="true" /> Edit
            </Button>
          </div>
          <div className={cn("grid gap-6", sides.length === 2 && "md:grid-cols-2 md:divide-x md:divide-line")}>
            {sides.map((side) => (
              <div key={side} className={cn("min-w-0", side === "right" && "md:pl-6")}>
                {sides.length === 2 && <p className="mb-1 text-xs font-medium text-quiet">{lanes[side]}</p>}
                <AnswerView
                  name={lanes[side] ?? ""}
                  answer={round.answers[side]}
                  onAgain={again(conversation, round, side)}
                />
              </div>
            ))}
          </div>
          <Verdict round={round} lanes={lanes} />
        </li>
      ))}
    </ol>
  );
}

/** Only the last question can be asked again: those after it were asked knowing its answer. */
function again({ rounds, again: ask }: Conversation, round: Round, side: Side): (() => void) | null {
  return round === rounds.at(-1) && !running(round.answers[side]) ? () => ask(round.id, side) : null;
}

function Verdict({ round, lanes }: { round: Round; lanes: Lanes }) {
  if (lanes.right === undefined) return null;
  const said = verdict(
    { name: lanes.left ?? "", answer: round.answers.left },
    { name: lanes.right, answer: round.answers.right },
  );
  return said && <p className="text-sm font-medium">{said}</p>;
}
