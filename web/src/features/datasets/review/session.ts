import type { ExampleRead, Output } from "../shapes";

/** What somebody goes through, one after the other. Pure: what is shown next never waits for the server. */
export interface Session {
  items: readonly ExampleRead[];
  at: number;
  decided: ReadonlyMap<string, Decision>;
  /** Ids in the order in which they were decided, for the way back. */
  past: readonly string[];
}

export type Decision = { action: "approve" | "reject" } | { action: "correct"; output: Output };

export const empty: Session = { items: [], at: 0, decided: new Map(), past: [] };

/** Puts examples that came behind those that are there; each stands once. */
export function arrive(session: Session, more: readonly ExampleRead[]): Session {
  const known = new Set(session.items.map(({ id }) => id));
  const items = more.filter(({ id }) => !known.has(id));
  return items.length === 0 ? session : { ...session, items: [...session.items, ...items] };
}

/** The next that is not decided, first behind a place, then before it; behind the last when all are. */
function open({ items, decided }: Session, from: number): number {
  const waits = (example: ExampleRead) => !decided.has(example.id);
  const behind = items.findIndex((example, index) => index >= from && waits(example));
  if (behind >= 0) return behind;
  const before = items.findIndex(waits);
  return before < 0 ? items.length : before;
}

export function decide(session: Session, decision: Decision): Session {
  const example = session.items[session.at];
  if (!example) return session;
  const decided = new Map(session.decided).set(example.id, decision);
  const next = { ...session, decided, past: [...session.past.filter((id) => id !== example.id), example.id] };
  return { ...next, at: open(next, session.at + 1) };
}

/** Takes a decision back and returns to its example. */
export function takeBack(session: Session, id: string | undefined = session.past.at(-1)): Session {
  if (id === undefined || !session.decided.has(id)) return session;
  const decided = new Map(session.decided);
  decided.delete(id);
  return { ...session, decided, past: session.past.filter((each) => each !== id), at: session.items.findIndex((example) => example.id === id) };
}

/** Looks at the one before or behind, decided or not. */
export function step(session: Session, by: number): Session {
  const last = Math.max(0, session.items.length - 1);
  return { ...session, at: Math.max(0, Math.min(last, session.at + by)) };
}

export const current = ({ items, at }: Session): ExampleRead | undefined => items[at];

/** How many were decided in which way. */
export function tally({ decided }: Session): Record<Decision["action"], number> {
  const counted = { approve: 0, correct: 0, reject: 0 };
  for (const { action } of decided.values()) counted[action]++;
  return counted;
}
