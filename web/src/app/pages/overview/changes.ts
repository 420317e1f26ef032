/** What is changing: models that learn anew, and versions on their way to the calls. Pure. */

import type { Turn } from "@/api/improvement";
import type { ReleaseSummary } from "@/api/releases";

const DAY = 86_400_000;
const MOST = 4;

export type Change = { kind: "turn"; at: string; over: boolean; turn: Turn } | { kind: "release"; at: string; over: boolean; release: ReleaseSummary };

/** What goes on, then what ended within a day, newest first; a release that a turn began is told by the turn. */
export function changesOf(turns: readonly Turn[], releases: readonly ReleaseSummary[], now: number): Change[] {
  const told = new Set(turns.map(({ release }) => release));
  const changes: Change[] = [
    ...turns.map((turn): Change => ({ kind: "turn", at: turn.finishedAt ?? turn.createdAt, over: turn.finishedAt !== null, turn })),
    ...releases.filter(({ id }) => !told.has(id)).map((release): Change => ({ kind: "release", at: release.endedAt ?? release.createdAt, over: release.endedAt !== null, release })),
  ];
  return changes
    .filter(({ over, at }) => !over || now - Date.parse(at) < DAY)
    .sort((a, b) => Number(a.over) - Number(b.over) || Date.parse(b.at) - Date.parse(a.at))
    .slice(0, MOST);
}
