import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";

import { columns } from "./columns";
import { CreateDialog } from "./name-dialog";
import { useTeams } from "./queries";
import { TeamPanel } from "./team-panel";

import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { SearchField } from "@/components/filter-bar/search-field";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

/** The teams of the organization. */
export default function TeamsPage() {
  const { q, team: open, create } = useSearch({ from: "/signed-in/settings/teams" });
  const navigate = useNavigate({ from: paths.teams });
  const go = (change: Record<string, unknown>) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const list = useTeams(q);
  const none = q === undefined && list.rows?.length === 0;
  const createButton = (
    <Permitted to="people:write">
      <Button look="primary" onClick={() => go({ create: true })}>
        <Plus aria-hidden="true" /> Create a team
      </Button>
    </Permitted>
  );

  return (
    <>
      <PageHead title="Teams" action={createButton}>
        People who work together, and the keys that are theirs.
      </PageHead>
      {!none && (
        <div role="search" aria-label="Filters" className="flex">
          <SearchField value={q ?? ""} onChange={(value) => go({ q: value || undefined })} label="Find a team by name" />
        </div>
      )}
      <div className="mt-4">
        <DataTable
          what="teams"
          columns={columns}
          getKey={({ id }) => id}
          onOpen={({ id }) => go({ team: id })}
          open={open ?? null}
          onClose={() => go({ team: undefined })}
          {...list}
          empty={q ? <NoneFound onClear={() => go({ q: undefined })} /> : <NoTeams action={createButton} />}
        />
      </div>
      {open && <TeamPanel key={open} id={open} onClose={() => go({ team: undefined })} />}
      {create && (
        <Permitted to="people:write">
          <CreateDialog
            onClose={() => go({ create: undefined })}
            onMade={({ id, name }) => {
              go({ create: undefined, team: id });
              toasts.show(`Created ${name}; add its people`);
            }}
          />
        </Permitted>
      )}
    </>
  );
}

function NoneFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No team is called that" action={<Button onClick={onClear}>Clear the search</Button>}>
      <p>Another part of its name may find it.</p>
    </EmptyState>
  );
}

const SNIPPET = `curl -X POST ${location.origin}/api/identity/teams \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"name": "Support"}'`;

function NoTeams({ action }: { action: ReactNode }) {
  return (
    <EmptyState title="Create the first team" action={action} snippet={{ title: "Terminal", code: SNIPPET }}>
      <p>A team is a name for people who work on one thing, and for the keys that their programs call with.</p>
      <p>With teams one sees at a glance whose key it is, and whom to ask before it ends.</p>
    </EmptyState>
  );
}
