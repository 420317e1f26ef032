import { CircleCheck, CircleX, Hourglass } from "lucide-react";

import { isOver, planned, unitsOf } from "../words";

import type { Release } from "@/api/releases";
import { Notice } from "@/components/notice";
import { Progress } from "@/components/ui/progress";
import { When } from "@/components/when";
import { span } from "@/lib/time";

/** How it stands, in the server's own sentence, and how far the step is. */
export function Standing({ of: release }: { of: Release }) {
  const { state, words, heldBy } = release;
  if (state === "rolled_back" || state === "failed" || state === "rolling_back") return <Notice tone="bad" title={words} />;
  if (state === "holding" && heldBy !== null) return <Held of={release} />;
  if (isOver(release)) {
    const Icon = state === "succeeded" ? CircleCheck : CircleX;
    return (
      <p className="flex items-center gap-2 text-lg">
        <Icon aria-hidden="true" className={`size-5 shrink-0 ${state === "succeeded" ? "text-good" : "text-quiet"}`} />
        <span className="text-pretty">{words}</span>
      </p>
    );
  }
  return (
    <section aria-label="Progress">
      <p role="status" className="flex flex-wrap items-baseline gap-x-3">
        <span className="text-figure font-semibold tracking-tight">{planned(release.share ?? 0)}</span>
        <span className="min-w-0 flex-1 basis-64 text-pretty text-quiet">{words}</span>
      </p>
      <StepBars of={release} />
    </section>
  );
}

const holders: Record<NonNullable<Release["heldBy"]>, string> = {
  approval: "It waits for somebody to approve the next step.",
  person: "Somebody holds it. It stays where it is until it is resumed.",
  signal: "A guardrail holds it. It stays where it is until somebody resumes it or rolls it back.",
};

function Held({ of: { words, heldBy, stepAt } }: { of: Release }) {
  return (
    <Notice tone="warn" title={words}>
      <p>
        {heldBy && holders[heldBy]} So since <When at={stepAt} />.
      </p>
    </Notice>
  );
}

/** What the step has of what it waits for: people, and time. */
function StepBars({ of: { progress, plan } }: { of: Release }) {
  if (progress === null || (progress.unitsWanted === 0 && progress.secondsWanted === 0)) return null;
  const { units, unitsWanted, seconds, secondsWanted } = progress;
  return (
    <div className="mt-3 grid max-w-3xl gap-x-8 gap-y-3 sm:grid-cols-2">
      {unitsWanted > 0 && <Bar label={plan.unit === "user" ? "People who have had it" : "Conversations that have had it"} words={unitsOf(units, unitsWanted, plan)} done={units} total={unitsWanted} />}
      {secondsWanted > 0 && <Bar label="Time in this step" words={`${span(Math.round(Math.min(seconds, secondsWanted)))} of ${span(Math.round(secondsWanted))}`} done={seconds} total={secondsWanted} />}
    </div>
  );
}

function Bar({ label, words, done, total }: { label: string; words: string; done: number; total: number }) {
  return (
    <div>
      <p className="flex justify-between gap-4 text-xs text-quiet">
        <span className="inline-flex items-center gap-1.5">
          <Hourglass aria-hidden="true" className="size-3.5" /> {label}
        </span>
        <span>{words}</span>
      </p>
      <Progress label={label} done={Math.min(done, total)} total={total} className="mt-1 w-full" />
    </div>
  );
}
