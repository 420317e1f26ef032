import type { CheckRead, ExampleRead, FindingKind, FindingRead, Span } from "../shapes";
import { findingKinds } from "../words";

import { count, percent, plural } from "@/lib/format";

/** What each kind is about, for those who meet it for the first time. */
export const about: Record<FindingKind, string> = {
  duplicates: "The same thing said twice, or nearly: it counts double in training, and may be trained on and tested with.",
  contradictions: "One input with two outputs: whichever a model learns, the other half is wrong.",
  labels: "Labels that a model, trained on the rest, would not give.",
  leakage: "Nearly the same text in training and in the test: the test would ask what was learned by heart.",
  pii: "E-mail addresses, numbers and the like that belong to somebody.",
  outliers: "Examples unlike all others of their label.",
};

/** What applying a finding does, as a verb on a button. */
export const actions: Record<FindingRead["suggestion"], string> = { merge: "Merge", relabel: "Relabel", drop: "Reject", redact: "Redact", review: "Send to review" };

/** The button, with what it will do. */
export function applyWords({ suggestion, label, examples }: FindingRead): string {
  if (suggestion === "relabel" && label !== null) return `Relabel as ${label}`;
  if (suggestion === "merge") return `Merge ${count(examples.length)} into one`;
  return actions[suggestion];
}

/** Of several that say the same, the one that stays: approved before others, then the best, then the oldest. */
export const keptOf = (examples: readonly ExampleRead[]): ExampleRead | undefined =>
  [...examples].sort((a, b) => Number(b.status === "validated") - Number(a.status === "validated") || b.quality - a.quality || (a.id < b.id ? -1 : 1))[0];

/** A finding that only says what to look at. */
export const isApplicable = ({ suggestion }: FindingRead): boolean => suggestion !== "review";

/** How sure the check is, in the words of its kind. */
export function scoreWords({ kind, score }: FindingRead): string {
  if (kind === "duplicates" || kind === "leakage") return `${percent(score)} alike`;
  return `${percent(score)} sure`;
}

/** What a check that ended found. */
export function summaryOf({ summary, kinds }: CheckRead): string {
  const found = Object.entries(summary).filter(([, number]) => number > 0);
  if (found.length === 0) return `Nothing new was found in ${plural(kinds.length, "kind")} of check.`;
  return `New: ${found.map(([kind, number]) => `${count(number)} ${(findingKinds[kind as FindingKind] as string | undefined)?.toLowerCase() ?? kind}`).join(", ")}.`;
}

const isSpan = (value: unknown): value is { start: number; end: number } & Record<string, unknown> =>
  typeof value === "object" && value !== null && "start" in value && "end" in value && typeof value.start === "number" && typeof value.end === "number";

const named = (value: unknown) => (typeof value === "string" ? value.replaceAll("_", " ") : "");

/** Where in the text the finding is, if it says so. */
export function spansOf({ details }: FindingRead): Span[] {
  const listed = details?.["input"];
  return (Array.isArray(listed) ? listed : []).filter(isSpan).map(({ start, end, kind, label }) => ({ start, end, label: named(kind ?? label) }));
}
