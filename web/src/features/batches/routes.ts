import type { BatchRead } from "@/api/schema.gen";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, oneOf, text } from "@/lib/url-state";

export type BatchStatus = BatchRead["status"];

/** The states of a batch, from its beginning to its ends. */
export const STATUSES = [
  "validating",
  "in_progress",
  "finalizing",
  "completed",
  "failed",
  "expired",
  "cancelling",
  "cancelled",
] as const satisfies readonly BatchStatus[];

interface BatchesSearch {
  status?: BatchStatus;
  /** The batch whose detail is open. */
  batch?: string;
}

export const batches = {
  path: paths.batches,
  can: "operations:read" as Permission,
  validateSearch: (search: Record<string, unknown>): BatchesSearch =>
    compact({ status: oneOf(search["status"], STATUSES), batch: text(search["batch"]) }) as BatchesSearch,
};
