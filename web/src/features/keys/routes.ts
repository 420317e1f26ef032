import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, oneOf, text } from "@/lib/url-state";

export const STATES = ["active", "expired", "revoked"] as const;
export type KeyState = (typeof STATES)[number];

interface KeysSearch {
  q?: string;
  state?: KeyState;
  /** Which team's keys. */
  team?: string;
  /** The key whose detail is open. */
  key?: string;
  /** The dialog that creates one is open. */
  create?: true;
}

export const keys = {
  path: paths.keys,
  can: "keys:read" as Permission,
  validateSearch: (search: Record<string, unknown>): KeysSearch =>
    compact({
      q: text(search["q"]),
      state: oneOf(search["state"], STATES),
      team: text(search["team"]),
      key: text(search["key"]),
      create: search["create"] === true ? (true as const) : undefined,
    }) as KeysSearch,
};
