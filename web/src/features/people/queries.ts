import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { get, patch, post, remove } from "@/api/client";
import type { Page } from "@/api/schema";
import type { Invitation, Invited, PasswordLink, PersonRead, SessionRead } from "@/api/schema.gen";
import { useList } from "@/api/use-list";
import type { Role } from "@/lib/permissions";

const PEOPLE = "/api/identity/people";

export const usePeople = (asked: { q: string | undefined; role: string | undefined; state: string | undefined }) =>
  useList<PersonRead>("people", PEOPLE, asked);

export const sessionsOfQuery = (id: string) =>
  queryOptions({
    // Below "people", so that whatever changes a person asks for these anew.
    queryKey: ["people", id, "sessions"],
    queryFn: ({ signal }) => get<Page<SessionRead>>(`${PEOPLE}/${id}/sessions`, { signal }),
  });

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: ["people"] }) });
}

export const useInvite = () =>
  useChange((taken: Invitation) => post<Invited>("/api/identity/invitations", taken));

export const useChangeRole = () =>
  useChange(({ id, version, role }: { id: string; version: number; role: Role }) => patch<PersonRead>(`${PEOPLE}/${id}`, { role, version }));

export const useDeactivate = () => useChange((id: string) => remove<PersonRead>(`${PEOPLE}/${id}`));

export const useReactivate = () => useChange((id: string) => post<PersonRead>(`${PEOPLE}/${id}/reactivate`));

export const useEndSessions = () => useChange((id: string) => remove(`${PEOPLE}/${id}/sessions`));

/** A link for somebody who cannot get one by mail: to join for the invited, to set a new password for the others. */
export const useLink = () =>
  useChange(({ id, state }: Pick<PersonRead, "id" | "state">) =>
    post<PasswordLink>(state === "invited" ? `/api/identity/invitations/${id}/renew` : `${PEOPLE}/${id}/password-link`),
  );
