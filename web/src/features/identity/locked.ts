import { ApiError } from "@/api/client";

/** Until when signing in is locked, by this answer; null when it is not. */
export function lockedUntil(error: Error | null): number | null {
  if (!(error instanceof ApiError) || error.code !== "sign_in_locked") return null;
  const until = Date.parse(String(error.details["until"]));
  return Number.isNaN(until) ? Date.now() + (error.retryAfterS ?? 60) * 1000 : until;
}

interface Choice {
  slug: string;
  name: string;
}

/** The organizations between which a person has to choose; none when there is nothing to choose. */
export function choices(error: Error | null): Choice[] {
  if (!(error instanceof ApiError) || error.code !== "organization_needed") return [];
  const { organizations } = error.details as { organizations?: Choice[] };
  return organizations ?? [];
}
