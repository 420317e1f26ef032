import type { Permission } from "@/lib/permissions";
import { compact, text } from "@/lib/url-state";

interface SecuritySearch {
  /** The identity provider whose detail is open. */
  provider?: string;
  /** The dialog that adds one is open. */
  add?: true;
}

export const security = {
  can: "organization:write" as Permission,
  validateSearch: (search: Record<string, unknown>): SecuritySearch =>
    compact({
      provider: text(search["provider"]),
      add: search["add"] === true ? (true as const) : undefined,
    }) as SecuritySearch,
};
