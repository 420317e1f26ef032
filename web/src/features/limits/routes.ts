import type { Subject } from "@/api/schema.gen";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, oneOf, text } from "@/lib/url-state";

/** What a limit can be on, from the whole to the parts. */
export const SUBJECTS = ["organization", "team", "person", "key", "route", "model"] as const satisfies readonly Subject[];

interface LimitsSearch {
  kind?: Subject;
  /** Limits on this one, by its id. */
  subject?: string;
  /** The limit whose detail is open. */
  limit?: string;
  /** The dialog that sets one is open. */
  create?: true;
}

export const limits = {
  path: paths.limits,
  can: "limits:read" as Permission,
  validateSearch: (search: Record<string, unknown>): LimitsSearch =>
    compact({
      kind: oneOf(search["kind"], SUBJECTS),
      subject: text(search["subject"]),
      limit: text(search["limit"]),
      create: search["create"] === true ? (true as const) : undefined,
    }) as LimitsSearch,
};
