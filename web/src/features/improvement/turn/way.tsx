import { Check, X } from "lucide-react";

import { cameTo, isOver, WAY } from "../words";

import type { TurnStory } from "@/api/improvement";
import { cn } from "@/lib/cn";

const looks = {
  done: { look: "text-good", Icon: Check, words: ", done" },
  here: { look: "bg-accent-soft font-medium text-accent-ink", Icon: null, words: ", here it is" },
  ended: { look: "bg-bad-soft font-medium text-bad", Icon: X, words: ", here it ended" },
  ahead: { look: "text-quiet", Icon: null, words: ", not yet" },
};

/** How far a turn came on its way from the trigger to the promotion. */
export function Way({ of: turn }: { of: TurnStory }) {
  const reached = cameTo(turn, turn.timeline);
  const at = (index: number): keyof typeof looks => {
    if (index < reached || turn.state === "promoted") return "done";
    if (index > reached) return "ahead";
    return isOver(turn) ? "ended" : "here";
  };
  return (
    <ol aria-label="How far it is" className="flex flex-wrap gap-x-1 gap-y-2 text-sm">
      {WAY.map(({ state, name }, index) => {
        const { look, Icon, words } = looks[at(index)];
        return (
          <li key={state} aria-current={index === reached ? "step" : undefined} className="flex items-center gap-1">
            <span className={cn("inline-flex h-7 items-center gap-1.5 rounded-md px-2", look)}>
              {Icon && <Icon aria-hidden="true" className="size-4" />}
              {name}
              <span className="sr-only">{words}</span>
            </span>
            {index < WAY.length - 1 && (
              <span aria-hidden="true" className="text-quiet">
                →
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
