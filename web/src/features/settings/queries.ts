import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { get, patch, post, remove } from "@/api/client";
import { meQuery } from "@/api/me";
import type { Me, Page } from "@/api/schema";
import type { OrganizationRead, OrganizationUpdate, PasswordChange, SessionRead } from "@/api/schema.gen";

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => get<Page<SessionRead>>("/api/identity/sessions", { signal }),
});

export const organizationQuery = queryOptions({
  queryKey: ["organization"],
  queryFn: ({ signal }) => get<OrganizationRead>("/api/identity/organization", { signal }),
});

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>, key: string) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: [key] }) });
}

export const useEndSession = () => useChange((id: string) => remove(`/api/identity/sessions/${id}`), "sessions");

export const useEndOthers = () => useChange(() => remove("/api/identity/sessions"), "sessions");

export const useRename = () => useChange((name: string) => patch<Me>("/api/identity/me", { name }), meQuery.queryKey[0] ?? "me");

export const useChangePassword = () =>
  useChange((taken: PasswordChange) => post("/api/identity/me/password", taken), "sessions");

export function useUpdateOrganization() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (taken: OrganizationUpdate) => patch<OrganizationRead>("/api/identity/organization", taken),
    onSuccess: (given) => {
      queries.setQueryData(organizationQuery.queryKey, given);
      return queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
}
