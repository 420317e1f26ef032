/** What the API gives of people that the generated types do not know yet. */
import type { Role } from "@/lib/permissions";

export const STATES = ["active", "invited", "deactivated"] as const;
export type PersonState = (typeof STATES)[number];

export interface Person {
  id: string;
  email: string;
  name: string;
  role: Role;
  state: PersonState;
  teams: { id: string; name: string }[];
  lastSeenAt: string | null;
  createdAt: string;
  deactivatedAt: string | null;
  version: number;
}

export interface Invitation {
  person: Person;
  /** Shown once. */
  url: string;
  expiresAt: string;
  /** Whether a mail is on its way. */
  sent: boolean;
}

export interface Link {
  url: string;
  expiresAt: string;
}
