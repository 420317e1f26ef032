import type { DatasetRead } from "../shapes";

import { plural } from "@/lib/format";

/** What the list of datasets answers: what waits, and in how many of them. */
export function answerOf(datasets: readonly DatasetRead[] = []): string {
  const waiting = datasets.filter(({ pending, findings }) => pending + findings > 0);
  if (datasets.length === 0) return "What models learn from: examples, where each came from, and how good they are.";
  const examples = datasets.reduce((sum, { validated }) => sum + validated, 0);
  const state = `${plural(examples, "approved example")} in ${plural(datasets.length, "dataset")}.`;
  if (waiting.length === 0) return `${state} Nothing waits for review.`;
  const waits = waiting.reduce((sum, { pending, findings }) => sum + pending + findings, 0);
  return `${state} ${plural(waits, "thing")} to look at in ${waiting.length === 1 ? (waiting[0]?.name ?? "") : plural(waiting.length, "dataset")}.`;
}
