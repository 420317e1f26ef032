import type { KeyState } from "./routes";

import type { KeyRead } from "@/api/schema.gen";

/** Whether a key works now. */
export function stateOf(key: Pick<KeyRead, "revokedAt" | "expiresAt">, now: number): KeyState {
  if (key.revokedAt !== null) return "revoked";
  return key.expiresAt !== null && Date.parse(key.expiresAt) <= now ? "expired" : "active";
}
