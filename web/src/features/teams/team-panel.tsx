import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { Members } from "./members";
import { RenameDialog } from "./name-dialog";
import { useDeleteTeam, useTeam } from "./queries";

import { useMay } from "@/api/me";
import type { TeamWithMembers } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { Permitted } from "@/components/permitted";
import { SidePanel } from "@/components/side-panel";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { When } from "@/components/when";
import { plural } from "@/lib/format";
import { paths } from "@/lib/paths";

interface Props {
  id: string;
  onClose: () => void;
}

/** A team: its people, its keys, and what can be done about it. */
export function TeamPanel({ id, onClose }: Props) {
  const { data: team, error, refetch } = useTeam(id);
  return (
    <SidePanel title={team ? `Team ${team.name}` : "Team"} of={id} onClose={onClose}>
      {error && <Failure title="The team could not be loaded" error={error} onRetry={() => void refetch()} />}
      {team && <Team of={team} onGone={onClose} />}
      {!team && !error && (
        <div role="status" aria-label="Loading the team" className="space-y-4">
          <Skeleton className="h-7 w-48" />
          <Skeleton className="h-36 w-full" />
        </div>
      )}
    </SidePanel>
  );
}

function Team({ of: team, onGone }: { of: TeamWithMembers; onGone: () => void }) {
  const [asking, setAsking] = useState<"rename" | "delete" | null>(null);
  const done = () => setAsking(null);
  return (
    <>
      <h2 className="text-lg font-semibold break-words">{team.name}</h2>
      <Facts
        facts={{
          People: plural(team.memberCount, "person", "people"),
          Keys: <TeamKeys of={team} />,
          Created: <When at={team.createdAt} />,
          Id: (
            <>
              <code className="font-mono text-xs break-all">{team.id}</code> <CopyButton text={team.id} what="the team's id" />
            </>
          ),
        }}
      />
      <Members of={team} />
      <Permitted to="people:write">
        <div className="mt-8 flex flex-wrap gap-2 border-t border-line pt-6">
          <Button onClick={() => setAsking("rename")}>Rename</Button>
          <Button look="danger" onClick={() => setAsking("delete")}>
            Delete the team
          </Button>
        </div>
      </Permitted>
      {asking === "rename" && <RenameDialog of={team} onClose={done} />}
      {asking === "delete" && <Deletion of={team} onClose={done} onGone={onGone} />}
    </>
  );
}

function TeamKeys({ of: { id, keyCount } }: { of: TeamWithMembers }) {
  const said = keyCount === 0 ? "none that works" : `${plural(keyCount, "key")} that ${keyCount === 1 ? "works" : "work"}`;
  if (!useMay("keys:read")) return said;
  return (
    <Link to={paths.keys} search={{ team: id }} className="text-accent-ink underline underline-offset-4">
      {said}
    </Link>
  );
}

function Deletion({ of: team, onClose, onGone }: { of: TeamWithMembers; onClose: () => void; onGone: () => void }) {
  const { mutateAsync } = useDeleteTeam();

  async function confirmed() {
    await mutateAsync(team.id);
    onGone();
    toasts.show(`Deleted ${team.name}`);
  }

  return (
    <Confirm title={`Delete the team ${team.name}?`} action={`Delete ${team.name}`} doing="Deleting…" typed={team.name} onConfirm={confirmed} onClose={onClose}>
      <p>
        {team.memberCount > 0 ? `Its ${plural(team.memberCount, "person stays", "people stay")}, and` : "No person is in it, and"} its keys go on
        working; they belong to no team then. What is lost is who was in it.
      </p>
    </Confirm>
  );
}
