import { CircleCheck, CircleDot, CircleSlash, CircleX, FlaskConical, GitBranch, Hand, Loader, Scale, SkipForward, Undo2, type LucideIcon } from "lucide-react";

import { states } from "./words";

import type { TurnState } from "@/api/improvement";

const looks: Record<TurnState, { Icon: LucideIcon; tint: string }> = {
  triggered: { Icon: CircleDot, tint: "text-accent-ink" },
  awaiting_approval: { Icon: Hand, tint: "text-warn" },
  training: { Icon: Loader, tint: "text-accent-ink" },
  gating: { Icon: Scale, tint: "text-accent-ink" },
  shadow: { Icon: GitBranch, tint: "text-accent-ink" },
  releasing: { Icon: GitBranch, tint: "text-accent-ink" },
  comparing: { Icon: FlaskConical, tint: "text-accent-ink" },
  promoted: { Icon: CircleCheck, tint: "text-good" },
  rolled_back: { Icon: Undo2, tint: "text-bad" },
  rejected: { Icon: CircleX, tint: "text-bad" },
  skipped: { Icon: SkipForward, tint: "text-quiet" },
  failed: { Icon: CircleSlash, tint: "text-bad" },
};

/** How far a turn is, or how it ended: icon and word. */
export function TurnStateMark({ state, bare = false }: { state: TurnState; /** Without the word, where it is said beside. */ bare?: boolean }) {
  const { Icon, tint } = looks[state];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {!bare && states[state]}
    </span>
  );
}
