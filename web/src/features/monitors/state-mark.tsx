import { BellOff, CircleCheck, CircleDashed, OctagonAlert, Pause, type LucideIcon } from "lucide-react";

import { states } from "./words";

import type { Monitor, MonitorState } from "@/api/watch";

const looks: Record<MonitorState, { Icon: LucideIcon; tint: string }> = {
  ok: { Icon: CircleCheck, tint: "text-good" },
  alerting: { Icon: OctagonAlert, tint: "text-bad" },
  no_data: { Icon: CircleDashed, tint: "text-quiet" },
  silenced: { Icon: BellOff, tint: "text-quiet" },
};

/** Whether a monitor is content: icon and word. */
export function MonitorStateMark({ of: { state, enabled } }: { of: Pick<Monitor, "state" | "enabled"> }) {
  const { Icon, tint } = enabled ? looks[state] : { Icon: Pause, tint: "text-quiet" };
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {enabled ? states[state] : "Off"}
    </span>
  );
}
