import type { Permission } from "@/lib/permissions";
import { compact, moment, oneOf, text, texts } from "@/lib/url-state";

const LASTS = ["15m", "1h", "6h", "24h", "7d", "30d"] as const;

/** What the trail keeps in its URL. */
export interface AuditSearch {
  name?: string[];
  actor?: string[];
  subject?: string[];
  q?: string;
  last?: string;
  from?: string;
  to?: string;
  /** The event whose detail lies beside the list. */
  open?: string;
}

export const audit = {
  can: "audit:read" as Permission,
  validateSearch: (found: Record<string, unknown>): AuditSearch =>
    compact({
      name: texts(found["name"]),
      actor: texts(found["actor"]),
      subject: texts(found["subject"]),
      q: text(found["q"])?.slice(0, 200),
      last: oneOf(found["last"], LASTS),
      from: moment(found["from"]),
      to: moment(found["to"]),
      open: text(found["open"]),
    }) as AuditSearch,
};
