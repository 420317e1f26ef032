import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { get, post, remove } from "@/api/client";
import { meQuery } from "@/api/me";
import type { Me } from "@/api/schema";
import type { LinkRead, SetPassword, SignIn, SignInOptions } from "@/api/schema.gen";
import { session } from "@/api/session";

/** What the sign-in page can offer. */
export const signInOfferQuery = queryOptions({
  queryKey: ["sign-in"],
  queryFn: ({ signal }) => get<SignInOptions>("/api/identity/sign-in", { signal, open: true }),
});

/** What a link that was sent is for; a link works once, so it is asked about once. */
export const passwordLinkQuery = (token: string) =>
  queryOptions({
    queryKey: ["password-link", token],
    queryFn: ({ signal }) =>
      get<LinkRead>(`/api/identity/password/token?token=${encodeURIComponent(token)}`, { signal, open: true }),
    staleTime: "static",
    retry: false,
  });

/** Opens a session by a password, or by a link that sets one. */
function useOpening<Taken>(path: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (taken: Taken) => post<Me>(path, taken, { open: true }),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      session.begin();
    },
  });
}

export const useSignIn = () => useOpening<SignIn>("/api/identity/session");

export const useSetPassword = () =>
  useOpening<SetPassword>("/api/identity/password/token");

export const useForgotPassword = () =>
  useMutation({ mutationFn: (email: string) => post("/api/identity/password/forgot", { email }, { open: true }) });

/** Ends the session at the server, then in every tab; if the server cannot be asked, the session stays and says so. */
export const useSignOut = () =>
  useMutation({ mutationFn: () => remove("/api/identity/session"), onSuccess: () => session.end() });
