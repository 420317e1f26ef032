import { Check, CircleDot, Minus, Undo2, type LucideIcon } from "lucide-react";

import { stagesOf, type Stage } from "../ramp";
import { planned } from "../words";

import type { Release } from "@/api/releases";
import { cn } from "@/lib/cn";

/** The plan as steps: what is done, where it is, and what it waits for. */
export function Ramp({ of: release }: { of: Release }) {
  const stages = stagesOf(release);
  return (
    <section aria-labelledby="plan">
      <h2 id="plan" className="text-lg font-semibold">
        The plan
      </h2>
      <ol className="mt-3 grid gap-2 sm:auto-cols-fr sm:grid-flow-col">
        {stages.map((stage, index) => (
          <StageCard key={index} of={stage} last={index === stages.length - 1} shadow={release.strategy === "shadow"} />
        ))}
      </ol>
    </section>
  );
}

const looks: Record<Stage["place"], { Icon: LucideIcon; tint: string; frame: string; fill: string; words: string }> = {
  done: { Icon: Check, tint: "text-good", frame: "border-line", fill: "bg-mark", words: "done" },
  here: { Icon: CircleDot, tint: "text-accent-ink", frame: "border-accent bg-accent-soft", fill: "bg-mark", words: "now" },
  back: { Icon: Undo2, tint: "text-bad", frame: "border-mark-bad", fill: "bg-mark-bad", words: "went back here" },
  ahead: { Icon: Minus, tint: "", frame: "border-line", fill: "bg-edge", words: "to come" },
  never: { Icon: Minus, tint: "", frame: "border-line border-dashed", fill: "bg-edge", words: "not reached" },
};

/** What the step is, and what ends it. */
function told({ share, waits }: Stage, last: boolean, shadow: boolean): [string, string] {
  if (last) return ["In force", `for everybody, ${waits}`];
  return [shadow ? "Copies" : planned(share), waits === "no wait" ? waits : `until ${waits}`];
}

function StageCard({ of: stage, last, shadow }: { of: Stage; last: boolean; shadow: boolean }) {
  const { place, share } = stage;
  const { Icon, tint, frame, fill, words } = looks[place];
  const [what, until] = told(stage, last, shadow);
  return (
    <li aria-current={place === "here" ? "step" : undefined} className={cn("flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1 rounded-md border px-3 py-2.5 sm:block", frame)}>
      <p className="flex items-center gap-1.5 text-xs text-quiet">
        <Icon aria-hidden="true" className={cn("size-3.5 shrink-0", tint)} />
        {words}
      </p>
      <p className={cn("font-semibold tracking-tight sm:mt-1 sm:text-title", place === "never" && "text-quiet")}>{what}</p>
      <div aria-hidden="true" className="hidden h-1 overflow-hidden rounded-sm bg-sunken sm:mt-1.5 sm:block">
        <div className={cn("h-full", fill)} style={{ width: `${share * 100}%` }} />
      </div>
      <p className="min-w-0 text-xs text-pretty text-quiet sm:mt-1.5">{until}</p>
    </li>
  );
}
