import { queryOptions, useQuery } from "@tanstack/react-query";
import { createContext, use, useEffect, useRef, type ReactNode } from "react";

import { get } from "./client";
import type { Me, Permission } from "./schema";

/** Whose session it is, and what they may do. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => get<Me>("/api/identity/me", { signal }),
  staleTime: 60_000,
});

const MeContext = createContext<Me | null>(null);

interface Props {
  me: Me;
  /** What one may do is not what it was. */
  onChange: () => void;
  children: ReactNode;
}

/** Says who is there to everything below; a role that is changed meanwhile is noticed within half a minute. */
export function MeProvider({ me, onChange, children }: Props) {
  const { data } = useQuery({ ...meQuery, refetchInterval: 30_000 });
  const now = data ?? me;
  const may = now.permissions.join();
  const judged = useRef(may);
  useEffect(() => {
    if (judged.current === may) return;
    judged.current = may;
    onChange();
  }, [may, onChange]);
  return <MeContext value={now}>{children}</MeContext>;
}

export function useMe(): Me {
  const me = use(MeContext);
  if (!me) throw new Error("Who is there is asked outside of MeProvider.");
  return me;
}

/** Whether the person may do it; the server decides, this hides what would be refused. */
export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}
