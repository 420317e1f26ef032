import { CircleCheck, CircleSlash, CircleX, Equal, Hourglass, TriangleAlert, type LucideIcon } from "lucide-react";

import { verdictNames, verdictTone } from "./words";

import type { Verdict, VerdictState } from "@/api/experiments";
import { cn } from "@/lib/cn";

const icons: Record<VerdictState, LucideIcon> = {
  not_enough: Hourglass,
  winner: CircleCheck,
  loser: CircleX,
  no_difference: Equal,
  futile: CircleSlash,
  guardrail_broken: CircleX,
  sample_ratio_mismatch: TriangleAlert,
};

export const tints = { good: "text-good", bad: "text-bad", warn: "text-warn", quiet: "text-quiet" } as const;

export function VerdictIcon({ state, className }: { state: VerdictState; className?: string }) {
  const Icon = icons[state];
  return <Icon aria-hidden="true" className={cn("size-4 shrink-0", tints[verdictTone[state]], className)} />;
}

/** What an experiment says so far: icon and words, on one line. */
export function VerdictMark({ of: { state, words } }: { of: Pick<Verdict, "state" | "words"> }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5" title={words}>
      <VerdictIcon state={state} />
      <span className="truncate md:hidden">{verdictNames[state]}</span>
      <span className="truncate max-md:hidden">{words}</span>
    </span>
  );
}
