import { Link } from "@tanstack/react-router";

import { PersonStateMark } from "./columns";
import { PersonActions } from "./person-actions";
import { PersonSessions } from "./person-sessions";

import type { PersonRead } from "@/api/schema.gen";
import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Permitted } from "@/components/permitted";
import { SidePanel } from "@/components/side-panel";
import { When } from "@/components/when";
import { paths } from "@/lib/paths";
import { roleName } from "@/lib/roles";

/** All that is known of a person, and what can be done about them. */
export function PersonPanel({ of: person, onClose }: { of: PersonRead; onClose: () => void }) {
  return (
    <SidePanel title={person.name} of={person.id} onClose={onClose}>
      <h2 className="text-lg font-semibold">{person.name}</h2>
      <Facts
        facts={{
          State: <PersonStateMark state={person.state} />,
          Role: roleName(person.role),
          "E-mail": person.email,
          Teams: <Teams of={person} />,
          "Last seen": person.lastSeenAt ? <When at={person.lastSeenAt} /> : "never",
          Since: <When at={person.createdAt} />,
          Id: (
            <>
              <code className="font-mono text-xs break-all">{person.id}</code> <CopyButton text={person.id} what="the person's id" />
            </>
          ),
        }}
      />
      <PersonSessions of={person.id} />
      <Permitted to="people:write">
        <PersonActions of={person} />
      </Permitted>
    </SidePanel>
  );
}

function Teams({ of: { teams } }: { of: PersonRead }) {
  if (teams.length === 0) return "none";
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1">
      {teams.map(({ id, name }) => (
        <li key={id}>
          <Link to={paths.teams} search={{ team: id }} className="hit text-accent-ink underline underline-offset-4">
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
