import { CircleCheck, CircleDashed, CircleStop, FlaskConical, Pause, type LucideIcon } from "lucide-react";

import { states } from "./words";

import type { ExperimentState } from "@/api/experiments";

const looks: Record<ExperimentState, { Icon: LucideIcon; tint: string }> = {
  draft: { Icon: CircleDashed, tint: "text-quiet" },
  running: { Icon: FlaskConical, tint: "text-accent-ink" },
  paused: { Icon: Pause, tint: "text-warn" },
  stopped: { Icon: CircleStop, tint: "text-quiet" },
  decided: { Icon: CircleCheck, tint: "text-good" },
};

/** Where an experiment stands: icon and word. */
export function StateMark({ state }: { state: ExperimentState }) {
  const { Icon, tint } = looks[state];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {states[state]}
    </span>
  );
}
