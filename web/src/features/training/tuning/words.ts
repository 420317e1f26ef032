/** Tuning jobs in sentences. Pure. */

import type { TuningJob } from "@/api/learning";
import { plural } from "@/lib/format";

export const statuses: Record<TuningJob["status"], string> = {
  validating_files: "Checking files",
  queued: "Waiting",
  running: "Training",
  paused: "Paused",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
};

export const isOpen = ({ endedAt }: Pick<TuningJob, "endedAt">): boolean => endedAt === null;

/** The page's answer: what is under way, or how the last one ended. */
export function answerOf(jobs: readonly TuningJob[]): string {
  const open = jobs.filter(isOpen);
  const [first] = open;
  if (first && open.length === 1) return `${first.name}: ${statuses[first.status].toLowerCase()}.`;
  if (open.length > 1) return `${plural(open.length, "job")} under way.`;
  const [last] = jobs;
  if (!last) return "";
  if (last.tunedModel !== null) return `Nothing is tuned. The last one is called as ${last.tunedModel}.`;
  return `Nothing is tuned. The last one, ${last.name}, ${last.status === "failed" ? "failed" : "was cancelled"}.`;
}
