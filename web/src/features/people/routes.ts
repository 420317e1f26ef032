import { STATES, type PersonState } from "./contract";
import { roles } from "./roles";

import type { Permission, Role } from "@/lib/permissions";
import { compact, oneOf, text } from "@/lib/url-state";

interface PeopleSearch {
  q?: string;
  role?: Role;
  state?: PersonState;
  /** The person whose detail is open. */
  person?: string;
  /** The dialog that invites somebody is open. */
  invite?: true;
}

export const people = {
  can: "people:read" as Permission,
  validateSearch: (search: Record<string, unknown>): PeopleSearch =>
    compact({
      q: text(search["q"]),
      role: oneOf(search["role"], roles.map(({ value }) => value)),
      state: oneOf(search["state"], STATES),
      person: text(search["person"]),
      invite: search["invite"] === true ? (true as const) : undefined,
    }) as PeopleSearch,
};
