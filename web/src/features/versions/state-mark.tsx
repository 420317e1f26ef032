import { Archive, Ban, CircleCheck, CircleDashed, FlaskConical, ShieldCheck, ShieldX, Undo2, type LucideIcon } from "lucide-react";

import { states } from "./words";

import type { VersionState } from "@/api/versions";

const looks: Record<VersionState, { Icon: LucideIcon; tint: string }> = {
  candidate: { Icon: CircleDashed, tint: "text-quiet" },
  live: { Icon: CircleCheck, tint: "text-good" },
  staged: { Icon: FlaskConical, tint: "text-accent-ink" },
  retired: { Icon: Archive, tint: "text-quiet" },
  deprecated: { Icon: Ban, tint: "text-warn" },
};

/** Where a version stands: icon and word. */
export function StateMark({ state }: { state: VersionState }) {
  const { Icon, tint } = looks[state];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {states[state]}
    </span>
  );
}

/** Whether it may go into force. */
export function GateMark({ passed }: { passed: boolean }) {
  const Icon = passed ? ShieldCheck : ShieldX;
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${passed ? "text-good" : "text-warn"}`} /> {passed ? "Passed" : "Not passed"}
    </span>
  );
}

/** It passed its gates, was released, and went back. */
export function BackMark() {
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Undo2 aria-hidden="true" className="size-4 shrink-0 text-warn" /> Went back
    </span>
  );
}
