import { useMutation, useQueryClient } from "@tanstack/react-query";

import type { Invitation, Link, Person } from "./contract";

import { patch, post, remove } from "@/api/client";
import { useList } from "@/api/use-list";
import type { Role } from "@/lib/permissions";

const PEOPLE = "/api/identity/people";

export const usePeople = (asked: { q: string | undefined; role: string | undefined; state: string | undefined }) =>
  useList<Person>("people", PEOPLE, asked);

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: ["people"] }) });
}

export const useInvite = () =>
  useChange((taken: { email: string; name: string; role: Role }) => post<Invitation>("/api/identity/invitations", taken));

export const useChangeRole = () =>
  useChange(({ id, version, role }: { id: string; version: number; role: Role }) => patch<Person>(`${PEOPLE}/${id}`, { role, version }));

export const useDeactivate = () => useChange((id: string) => remove<Person>(`${PEOPLE}/${id}`));

export const useReactivate = () => useChange((id: string) => post<Person>(`${PEOPLE}/${id}/reactivate`));

export const useEndSessions = () => useChange((id: string) => remove(`${PEOPLE}/${id}/sessions`));

/** A link for somebody who cannot get one by mail: to join for the invited, to set a new password for the others. */
export const useLink = () =>
  useChange(({ id, state }: Pick<Person, "id" | "state">) =>
    post<Link>(state === "invited" ? `/api/identity/invitations/${id}/renew` : `${PEOPLE}/${id}/password-link`),
  );
