import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, post, put, remove } from "@/api/client";
import type { OidcCreate, OidcRead, OidcReplace, OidcTested, SignInOptions } from "@/api/schema.gen";
import { useList } from "@/api/use-list";

export const OIDC = "/api/identity/oidc";

export const useProviders = () => useList<OidcRead>("oidc", OIDC);

/** Where identity providers send people back to; undefined until it is known. */
export function useRedirectAddress(): string | undefined {
  const { data } = useQuery({
    queryKey: ["sign-in"],
    queryFn: ({ signal }) => get<SignInOptions>("/api/identity/sign-in", { signal, open: true }),
  });
  return data?.oidcCallback;
}

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  const stale = () => Promise.all(["oidc", "sign-in"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  return useMutation({ mutationFn: change, onSuccess: stale });
}

/** What is entered of a provider; without `clientSecret` the secret that is kept stays. */
interface Saved {
  body: OidcCreate;
  present: OidcRead | null;
}

export const useSaveProvider = () =>
  useChange(({ body, present }: Saved) =>
    present
      ? put<OidcRead>(`${OIDC}/${present.id}`, { ...body, version: present.version } satisfies OidcReplace)
      : post<OidcRead>(OIDC, body),
  );

export const useDeleteProvider = () => useChange((id: string) => remove(`${OIDC}/${id}`));

/** Asks a provider for its configuration and its keys, each time anew. */
export const useProviderTest = (id: string, version: number) =>
  useQuery({
    queryKey: ["oidc", "test", id, version],
    queryFn: ({ signal }) => post<OidcTested>(`${OIDC}/${id}/test`, undefined, { signal }),
    staleTime: "static",
    gcTime: 0,
    retry: false,
  });
