/** What was learned, in sentences. Pure. */

import type { Evidence, FitRead, RoutingModelRead } from "@/api/schema.gen";
import { count, percent, plural } from "@/lib/format";

export const states: Record<RoutingModelRead["state"], string> = { candidate: "Candidate", active: "In force", retired: "Retired" };

export const bases: Record<FitRead["basis"], string> = {
  told: "what was told of answers",
  observed: "calls that failed by their own record",
};

/** What it is worth, or why that is not known. */
export function worth({ saved, kept, compared }: Evidence): string {
  if (saved === null || kept === null) return "What it saves is not known.";
  return `On ${count(compared)} prompts that were held out it keeps ${percent(kept)} of the best model’s quality and saves ${percent(Math.max(saved, 0))} of its cost.`;
}

/** The factors of a route at which that was measured. */
export function factors({ qualityShare }: Evidence): string | null {
  if (qualityShare === null) return null;
  return `quality ${qualityShare.toFixed(2)}, cost ${(1 - qualityShare).toFixed(2)}, performance 0`;
}

/** The page's answer. */
export function answerOf(active: RoutingModelRead | null): string {
  if (active === null) return "Nothing is in force: intelligent routes go by the quality that you gave to each model.";
  return `Version ${active.version} is in force for intelligent routes. ${worth(active.evidence)}`;
}

/** `backup 400, venue 400`, and which of them there are too few of. */
export function missing(models: readonly { model: string; enough: boolean; outcomes: number }[], least: number): string | null {
  const few = models.filter(({ enough }) => !enough);
  if (few.length === 0) return null;
  return `${plural(few.length, "model has", "models have")} fewer than ${count(least)} outcomes and would not be learned.`;
}
