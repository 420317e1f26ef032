import { Plus } from "lucide-react";
import { useState } from "react";

import { useAddMember, useCandidates } from "./queries";

import type { PersonRead, TeamWithMembers } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { SearchField } from "@/components/filter-bar/search-field";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";

/** Finds people of the organization and puts them into a team. */
export function AddMember({ to: team }: { to: TeamWithMembers }) {
  const [q, setQ] = useState("");
  const { data, error, isFetching } = useCandidates(q);
  const add = useAddMember();
  const inside = new Set(team.members.map(({ id }) => id));
  const found = q === "" ? [] : (data?.items ?? []).filter(({ state }) => state !== "deactivated");

  function join({ id, name }: PersonRead) {
    add.mutate({ team: team.id, person: id }, { onSuccess: () => toasts.show(`${name} is in ${team.name} now`) });
  }

  return (
    <div className="mt-4 space-y-2">
      <div className="flex">
        <SearchField value={q} onChange={setQ} label="Find a person to add" />
      </div>
      {add.error && <Failure title="Nobody was added" error={add.error} />}
      {error && <Failure title="People could not be looked for" error={error} />}
      <p role="status" className="text-sm text-quiet">
        {q !== "" && (found.length > 0 ? `${found.length === 1 ? "1 person" : `${found.length} people`} found.` : isFetching ? "Looking…" : `Nobody is called “${q}”.`)}
      </p>
      <ul>
        {found.map((person) => (
          <li key={person.id} className="flex min-h-11 items-center justify-between gap-4 border-t border-line py-1">
            <span className="min-w-0">
              <span className="block truncate">{person.name}</span>
              <span className="block truncate text-xs text-quiet">{person.email}</span>
            </span>
            {inside.has(person.id) ? (
              <span className="shrink-0 text-sm text-quiet">in the team</span>
            ) : (
              <Button disabled={add.isPending} aria-label={`Add ${person.name}`} onClick={() => join(person)}>
                <Plus aria-hidden="true" /> Add
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
