import { CircleCheck, CircleSlash, CircleX, Clock, Loader, Pause, Scale, type LucideIcon } from "lucide-react";

import { states } from "./words";

import type { RunState } from "@/api/learning";

const looks: Record<RunState, { Icon: LucideIcon; tint: string }> = {
  queued: { Icon: Clock, tint: "text-quiet" },
  starting: { Icon: Loader, tint: "text-accent-ink" },
  running: { Icon: Loader, tint: "text-accent-ink" },
  proving: { Icon: Scale, tint: "text-accent-ink" },
  pausing: { Icon: Pause, tint: "text-warn" },
  paused: { Icon: Pause, tint: "text-warn" },
  succeeded: { Icon: CircleCheck, tint: "text-good" },
  failed: { Icon: CircleX, tint: "text-bad" },
  cancelled: { Icon: CircleSlash, tint: "text-quiet" },
};

/** What a run does, or how it ended: icon and word; on a phone the icon alone where it is brief. */
export function StateMark({ state, brief = false }: { state: RunState; brief?: boolean }) {
  const { Icon, tint } = looks[state];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap" title={states[state]}>
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> <span className={brief ? "max-md:sr-only" : ""}>{states[state]}</span>
    </span>
  );
}
