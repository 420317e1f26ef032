import { useNavigate, useSearch } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";

import { columns } from "./columns";
import { InviteDialog } from "./invite-dialog";
import { PersonPanel } from "./person-panel";
import { usePeople } from "./queries";
import { STATES } from "./routes";

import { useOpened } from "@/api/use-opened";
import { DataTable } from "@/components/data-table/data-table";
import { Failure } from "@/components/failure";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";
import { roles } from "@/lib/roles";

const fields: Field[] = [
  { kind: "choice", id: "role", label: "Role", options: roles.map(({ value, label }) => ({ value, label })) },
  { kind: "choice", id: "state", label: "State", options: STATES.map((value) => ({ value })) },
];

const picked = (value: string | undefined) => (value ? [value] : []);

/** The people of the organization. */
export default function PeoplePage() {
  const search = useSearch({ from: "/signed-in/settings/people" });
  const { q, role, state, person: open, invite } = search;
  const navigate = useNavigate({ from: paths.people });
  const go = (change: Record<string, unknown>) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const list = usePeople({ q, role, state });
  const { opened, error: missing } = useOpened("people", "/api/identity/people", list.rows, open);

  return (
    <>
      <PageHead
        title="People"
        action={
          <Permitted to="people:write">
            <Button look="primary" onClick={() => go({ invite: true })}>
              <UserPlus aria-hidden="true" /> Invite a person
            </Button>
          </Permitted>
        }
      >
        Who can sign in, and what they may do.
      </PageHead>
      <FilterBar
        fields={fields}
        chosen={{ role: picked(role), state: picked(state) }}
        onChange={(field, values) => go({ [field]: values.at(-1) })}
        onClear={() => go({ q: undefined, role: undefined, state: undefined })}
        search={{ value: q ?? "", onChange: (value) => go({ q: value || undefined }), label: "Find by name or address" }}
      />
      <div className="mt-4">
        <DataTable
          what="people"
          columns={columns}
          getKey={({ id }) => id}
          onOpen={({ id }) => go({ person: id })}
          open={open ?? null}
          onClose={() => go({ person: undefined })}
          empty={<p className="py-6 text-quiet">Nobody is like that. Clear the filters to see everybody.</p>}
          {...list}
        />
      </div>
      {missing && <Failure title="The person could not be opened" error={missing} className="mt-4" />}
      {opened && <PersonPanel of={opened} onClose={() => go({ person: undefined })} />}
      {invite && (
        <Permitted to="people:write">
          <InviteDialog onClose={() => go({ invite: undefined })} />
        </Permitted>
      )}
    </>
  );
}
