import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, post, remove } from "@/api/client";
import type { Page } from "@/api/schema";
import type { KeyCreate, KeyCreated, KeyRead, KeyRevoked, RouteRead } from "@/api/schema.gen";
import { useList } from "@/api/use-list";

export const useKeys = (asked: { q: string | undefined; state: string | undefined; team: string | undefined }) =>
  useList<KeyRead>("keys", "/api/identity/keys", asked);

/** The names of routes that a key can be held to. */
export function useRouteNames(): string[] {
  const { data } = useQuery({
    queryKey: ["routes", "names"],
    queryFn: ({ signal }) => get<Page<RouteRead>>("/api/routes?limit=500", { signal }),
  });
  return data?.items.map(({ name }) => name) ?? [];
}

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }) });
}

export const useCreateKey = () => useChange((key: KeyCreate) => post<KeyCreated>("/api/identity/keys", key));

export const useRevokeKey = () => useChange((id: string) => remove<KeyRevoked>(`/api/identity/keys/${id}`));
