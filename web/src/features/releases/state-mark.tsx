import { CircleCheck, CircleSlash, CircleX, Clock, Hand, Hourglass, Rocket, Undo2, type LucideIcon } from "lucide-react";

import { states } from "./words";

import type { ReleaseState } from "@/api/releases";

const looks: Record<ReleaseState, { Icon: LucideIcon; tint: string }> = {
  pending: { Icon: Clock, tint: "text-quiet" },
  preparing: { Icon: Hourglass, tint: "text-accent-ink" },
  running: { Icon: Rocket, tint: "text-accent-ink" },
  holding: { Icon: Hand, tint: "text-warn" },
  promoting: { Icon: Rocket, tint: "text-accent-ink" },
  succeeded: { Icon: CircleCheck, tint: "text-good" },
  rolling_back: { Icon: Undo2, tint: "text-warn" },
  rolled_back: { Icon: Undo2, tint: "text-bad" },
  cancelled: { Icon: CircleSlash, tint: "text-quiet" },
  failed: { Icon: CircleX, tint: "text-bad" },
};

/** Where a release stands: icon and word. */
export function StateMark({ state }: { state: ReleaseState }) {
  const { Icon, tint } = looks[state];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {states[state]}
    </span>
  );
}
