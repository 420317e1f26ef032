import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, patch, post, put, remove } from "@/api/client";
import type { Page } from "@/api/schema";
import type { PersonRead, TeamCreate, TeamRead, TeamUpdate, TeamWithMembers } from "@/api/schema.gen";
import { useList } from "@/api/use-list";

const TEAMS = "/api/identity/teams";
/** How many people are offered at once; who looks for more writes more of the name. */
const OFFERED = "8";

export const useTeams = (q: string | undefined) => useList<TeamRead>("teams", TEAMS, { q });

export const useTeam = (id: string) =>
  useQuery({ queryKey: ["teams", "one", id], queryFn: ({ signal }) => get<TeamWithMembers>(`${TEAMS}/${encodeURIComponent(id)}`, { signal }) });

/** People who could join, by a part of their name or address. */
export const useCandidates = (q: string) =>
  useQuery({
    queryKey: ["people", "candidates", q],
    queryFn: ({ signal }) => get<Page<PersonRead>>(`/api/identity/people?${new URLSearchParams({ q, limit: OFFERED }).toString()}`, { signal }),
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  // People show their teams, and keys too.
  const stale = () => Promise.all(["teams", "people", "keys"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  return useMutation({ mutationFn: change, onSuccess: stale });
}

interface Membership {
  team: string;
  person: string;
}

const member = ({ team, person }: Membership) => `${TEAMS}/${team}/members/${person}`;

export const useCreateTeam = () => useChange((team: TeamCreate) => post<TeamWithMembers>(TEAMS, team));

export const useRenameTeam = () => useChange(({ id, ...taken }: TeamUpdate & { id: string }) => patch<TeamWithMembers>(`${TEAMS}/${id}`, taken));

export const useDeleteTeam = () => useChange((id: string) => remove(`${TEAMS}/${id}`));

export const useAddMember = () => useChange((one: Membership) => put(member(one)));

export const useRemoveMember = () => useChange((one: Membership) => remove(member(one)));
