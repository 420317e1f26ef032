import type { BatchStatus } from "./routes";

import type { BatchRead } from "@/api/schema.gen";
import { count, percent, plural, usd } from "@/lib/format";

export const statuses: Record<BatchStatus, string> = {
  validating: "Reading the file",
  in_progress: "At work",
  finalizing: "Writing files",
  completed: "Completed",
  failed: "Failed",
  expired: "Expired",
  cancelling: "Stopping",
  cancelled: "Stopped",
};

const ACTIVE: readonly BatchStatus[] = ["validating", "in_progress", "finalizing", "cancelling"];

export const isActive = ({ status }: BatchRead): boolean => ACTIVE.includes(status);

/** Lines that are over, well or not. */
export const done = ({ completed, failed }: BatchRead): number => completed + failed;

export const share = (batch: BatchRead): number => (batch.total === 0 ? 0 : done(batch) / batch.total);

export const progress = (batch: BatchRead): string => `${count(done(batch))} of ${plural(batch.total, "line")}`;

/** What the page answers: what is at work, or how the last one ended. */
export function answerOf(batches: readonly BatchRead[]): string {
  const working = batches.filter(isActive);
  if (working.length > 0) {
    const lines = working.reduce((sum, { total }) => sum + total, 0);
    const over = working.reduce((sum, batch) => sum + done(batch), 0);
    const part = lines === 0 ? "" : `: ${count(over)} of ${plural(lines, "line")} done, ${percent(over / lines)}`;
    return `${working.length === 1 ? "1 batch is" : `${working.length} batches are`} at work${part}.`;
  }
  const [last] = batches;
  if (last === undefined) return "";
  const wrong = last.failed > 0 ? `, ${count(last.failed)} failed` : "";
  return `No batch is at work. The last one ${ends[last.status]}: ${count(last.completed)} of ${plural(last.total, "line")} done${wrong}, ${usd(last.costUsd)}.`;
}

const ends: Record<BatchStatus, string> = {
  validating: "is being read",
  in_progress: "is at work",
  finalizing: "writes its files",
  completed: "was completed",
  failed: "failed before it began",
  expired: "ran out of time",
  cancelling: "is being stopped",
  cancelled: "was stopped",
};
