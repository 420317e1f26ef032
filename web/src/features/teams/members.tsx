import { Link } from "@tanstack/react-router";

import { AddMember } from "./add-member";
import { useAddMember, useRemoveMember } from "./queries";

import { useMay } from "@/api/me";
import type { TeamMember, TeamWithMembers } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";
import { roleName } from "@/lib/roles";

/** Who is in a team; an administrator adds and takes out. */
export function Members({ of: team }: { of: TeamWithMembers }) {
  const may = useMay("people:write");
  const leave = useRemoveMember();
  const back = useAddMember();

  function takeOut({ id, name }: TeamMember) {
    const one = { team: team.id, person: id };
    const done = () => toasts.show(`${name} is no longer in ${team.name}`, { label: "Undo", run: () => back.mutateAsync(one) });
    leave.mutate(one, { onSuccess: done });
  }

  return (
    <section aria-labelledby="team-people" className="mt-8">
      <h3 id="team-people" className="font-semibold">
        People
      </h3>
      {leave.error && <Failure title="Nobody was taken out" error={leave.error} className="mt-2" />}
      {team.members.length === 0 && <p className="mt-1 text-quiet">Nobody is in this team yet.</p>}
      <ul className="mt-2">
        {team.members.map((member) => (
          <li key={member.id} className="flex min-h-11 items-center justify-between gap-4 border-t border-line py-1">
            <span className="min-w-0">
              <Link to={paths.people} search={{ person: member.id }} className="hit block truncate text-accent-ink underline underline-offset-4">
                {member.name}
              </Link>
              <span className="block truncate text-xs text-quiet">
                {member.email} · {roleName(member.role)}
              </span>
            </span>
            {may && (
              <Button look="quiet" disabled={leave.isPending} aria-label={`Take out ${member.name}`} onClick={() => takeOut(member)}>
                Take out
              </Button>
            )}
          </li>
        ))}
      </ul>
      {may && <AddMember to={team} />}
    </section>
  );
}
