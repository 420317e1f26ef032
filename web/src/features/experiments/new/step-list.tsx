import { Check } from "lucide-react";

import { STEPS, type Step } from "./draft";

import { cn } from "@/lib/cn";

interface Props {
  step: Step;
  wrong: Record<Step, string | null>;
  onGo: (step: Step) => void;
}

/** The questions and how far one is; what is answered can be gone back to. */
export function StepList({ step, wrong, onGo }: Props) {
  const here = STEPS.indexOf(step);
  // One may go to a step when all before it are answered.
  const reach = STEPS.findIndex((each) => wrong[each] !== null);
  const furthest = reach === -1 ? STEPS.length - 1 : reach;
  return (
    <nav aria-label="Steps">
      <p className="text-sm text-quiet sm:hidden">
        Step {here + 1} of {STEPS.length}
      </p>
      <ol className="hidden flex-wrap gap-x-1 border-b border-line sm:flex">
        {STEPS.map((each, place) => (
          <li key={each}>
            <button
              type="button"
              aria-current={each === step ? "step" : undefined}
              disabled={place > furthest && place > here}
              onClick={() => onGo(each)}
              className={cn(
                "hit inline-flex h-9 items-center gap-1.5 border-b-2 border-transparent px-2 text-sm text-quiet hover:text-ink disabled:cursor-default disabled:hover:text-quiet",
                "aria-[current=step]:border-accent aria-[current=step]:font-medium aria-[current=step]:text-ink",
              )}
            >
              {place < here && wrong[each] === null ? <Check aria-hidden="true" className="size-3.5 text-good" /> : <span aria-hidden="true">{place + 1}</span>}
              {each}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
