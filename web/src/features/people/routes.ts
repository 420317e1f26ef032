
import type { PersonRead } from "@/api/schema.gen";
import type { Permission, Role } from "@/lib/permissions";
import { roles } from "@/lib/roles";
import { compact, oneOf, text } from "@/lib/url-state";

type PersonState = PersonRead["state"];
export const STATES = ["active", "invited", "deactivated"] as const satisfies readonly PersonState[];

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
