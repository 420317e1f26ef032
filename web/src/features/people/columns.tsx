import { CircleCheck, CircleSlash, Mail } from "lucide-react";

import type { PersonRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { roleName } from "@/lib/roles";

const looks: Record<PersonRead["state"], { word: string; Icon: typeof Mail; tint: string }> = {
  active: { word: "Active", Icon: CircleCheck, tint: "text-good" },
  invited: { word: "Invited", Icon: Mail, tint: "text-warn" },
  deactivated: { word: "Deactivated", Icon: CircleSlash, tint: "text-quiet" },
};

export function PersonStateMark({ state }: { state: PersonRead["state"] }) {
  const { word, Icon, tint } = looks[state];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {word}
    </span>
  );
}

export const columns: Column<PersonRead>[] = [
  { id: "name", header: "Name", cell: ({ name }) => name, priority: 1, fixed: true },
  { id: "email", header: "E-mail address", cell: ({ email }) => email },
  { id: "role", header: "Role", cell: ({ role }) => roleName(role), priority: 1, width: "7rem", phoneWidth: "6rem" },
  { id: "state", header: "State", cell: ({ state }) => <PersonStateMark state={state} />, width: "8rem" },
  { id: "teams", header: "Teams", cell: ({ teams }) => teams.map(({ name }) => name).join(", "), priority: 4 },
  { id: "seen", header: "Last seen", cell: ({ lastSeenAt }) => (lastSeenAt ? <When at={lastSeenAt} /> : "never"), width: "7rem", priority: 3 },
];
