import type { ComparedRead } from "../shapes";

import { count, plural } from "@/lib/format";

interface Shift {
  label: string;
  before: number;
  after: number;
  /** With its sign: `+12`. */
  change: string;
}

/** Labels whose number changed, the greatest change first. */
export function shifts({ labels }: ComparedRead): Shift[] {
  return Object.entries(labels)
    .map(([label, [before = 0, after = 0]]) => ({ label, before, after, by: after - before }))
    .filter(({ by }) => by !== 0)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by) || a.label.localeCompare(b.label))
    .map(({ by, ...shift }) => ({ ...shift, change: `${by > 0 ? "+" : "−"}${count(Math.abs(by))}` }));
}

/** The difference in a sentence. */
export function comparedWords({ a, b, same, added, removed, relabelled, moved }: ComparedRead): string {
  if (a === b) return "Choose two that differ.";
  const parts = [
    added > 0 && `${plural(added, "example")} more`,
    removed > 0 && `${count(removed)} fewer`,
    relabelled > 0 && `${count(relabelled)} with another output`,
    moved > 0 && `${count(moved)} in another split`,
  ].filter(Boolean);
  if (parts.length === 0) return `Version ${b} holds the same ${plural(same, "example")} as version ${a}.`;
  return `Against version ${a}, version ${b} has ${parts.join(", ")}; ${count(same)} are the same.`;
}
