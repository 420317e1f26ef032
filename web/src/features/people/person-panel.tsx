import { PersonStateMark } from "./columns";
import type { Person } from "./contract";
import { PersonActions } from "./person-actions";
import { roleName } from "./roles";

import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Permitted } from "@/components/permitted";
import { SidePanel } from "@/components/side-panel";
import { When } from "@/components/when";
import { paths } from "@/lib/paths";

/** All that is known of a person, and what can be done about them. */
export function PersonPanel({ of: person, onClose }: { of: Person; onClose: () => void }) {
  return (
    <SidePanel title={person.name} of={person.id} href={`${paths.people}?person=${person.id}`} onClose={onClose}>
      <h2 className="text-lg font-semibold">{person.name}</h2>
      <Facts
        facts={{
          State: <PersonStateMark state={person.state} />,
          Role: roleName(person.role),
          "E-mail": person.email,
          Teams: person.teams.map(({ name }) => name).join(", ") || "none",
          "Last seen": person.lastSeenAt ? <When at={person.lastSeenAt} /> : "never",
          Since: <When at={person.createdAt} />,
          Id: (
            <>
              <code className="font-mono text-xs break-all">{person.id}</code> <CopyButton text={person.id} what="the person's id" />
            </>
          ),
        }}
      />
      <Permitted to="people:write">
        <PersonActions of={person} />
      </Permitted>
    </SidePanel>
  );
}
