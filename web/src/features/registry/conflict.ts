import { ApiError } from "@/api/client";
import type { RouteRead } from "@/api/schema.gen";

/** What somebody else saved while one edited. */
export interface Conflict {
  present: RouteRead;
  by: string | null;
  at: string | null;
}

/** Reads a refusal that says that somebody was faster; null for any other. */
export function conflictOf(error: Error | null): Conflict | null {
  if (!(error instanceof ApiError) || error.code !== "version_conflict") return null;
  const { present, changedBy, changedAt } = error.details as {
    present?: RouteRead;
    changedBy?: { id: string; name: string | null } | null;
    changedAt?: string;
  };
  if (!present) return null;
  return { present, by: changedBy?.name ?? changedBy?.id ?? null, at: changedAt ?? null };
}
