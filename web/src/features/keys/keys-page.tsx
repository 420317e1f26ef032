import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";

import { columns } from "./columns";
import { CreateDialog } from "./create-dialog";
import { KeyPanel } from "./key-panel";
import { useKeys } from "./queries";
import { STATES, type KeyState } from "./routes";
import { stateOf } from "./state";

import type { KeyRead } from "@/api/schema.gen";
import { useTeamNames } from "@/api/teams";
import { useOpened } from "@/api/use-opened";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import type { Field } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

const stateField: Field = { kind: "choice", id: "state", label: "State", options: STATES.map((value) => ({ value })) };

/** What the list is narrowed down by; teams, once there are some. */
function useFields(): Field[] {
  const teams = [...useTeamNames()].map(([value, label]) => ({ value, label }));
  return teams.length > 0 ? [stateField, { kind: "choice", id: "team", label: "Team", options: teams }] : [stateField];
}

const picked = (value: string | undefined) => (value === undefined ? [] : [value]);

/** Whether a key is one of those asked for; a server that narrows the list down already changes nothing here. */
function wanted(key: KeyRead, q: string | undefined, state: KeyState | undefined): boolean {
  const words = `${key.name} ${key.id} ${key.hint}`.toLowerCase();
  return (q === undefined || words.includes(q.toLowerCase())) && (state === undefined || stateOf(key, Date.now()) === state);
}

/** The keys by which programs call. */
export default function KeysPage() {
  const search = useSearch({ from: "/signed-in/keys" });
  const { q, state, team, key: open, create } = search;
  const navigate = useNavigate({ from: paths.keys });
  const go = (change: Record<string, unknown>) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const { rows, ...list } = useKeys({ q, state, team });
  const shown = rows?.filter((each) => wanted(each, q, state));
  const { opened, error: missing } = useOpened("keys", "/api/identity/keys", rows, open);
  const fields = useFields();
  const createButton = (
    <Permitted to="keys:write">
      <Button look="primary" onClick={() => go({ create: true })}>
        <Plus aria-hidden="true" /> Create a key
      </Button>
    </Permitted>
  );

  return (
    <>
      <PageHead title="Keys" action={createButton}>
        Programs call with a key. People sign in and need none.
      </PageHead>
      <FilterBar
        fields={fields}
        chosen={{ state: picked(state), team: picked(team) }}
        onChange={(field, values) => go({ [field]: values.at(-1) })}
        onClear={() => go({ q: undefined, state: undefined, team: undefined })}
        search={{ value: q ?? "", onChange: (value) => go({ q: value || undefined }), label: "Find a key by name or id" }}
      />
      <div className="mt-4">
        <DataTable
          what="keys"
          columns={columns}
          rows={shown}
          getKey={({ id }) => id}
          onOpen={({ id }) => go({ key: id })}
          open={open ?? null}
          onClose={() => go({ key: undefined })}
          {...list}
          empty={[q, state, team].some((each) => each !== undefined) ? <NoneLikeThat /> : <NoKeys />}
        />
      </div>
      {missing && <Failure title="The key could not be opened" error={missing} className="mt-4" />}
      {opened && <KeyPanel of={opened} onClose={() => go({ key: undefined })} />}
      {create && (
        <Permitted to="keys:write">
          <CreateDialog onClose={() => go({ create: undefined })} />
        </Permitted>
      )}
    </>
  );
}

function NoneLikeThat() {
  return <p className="py-6 text-quiet">No key is like that. Clear the filters to see them all.</p>;
}

function NoKeys() {
  return (
    <EmptyState title="Create the first key" snippet={{ title: "Terminal", code: 'hone keys create "My application"' }}>
      <p>A key lets a program call your routes. Give each program its own, so that each can be followed, limited and ended alone.</p>
    </EmptyState>
  );
}
