import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { get, patch, post, remove } from "@/api/client";
import { usePolling } from "@/api/live";
import { useMay } from "@/api/me";
import type { Page } from "@/api/schema";
import type { LimitCreate, LimitRead, LimitUpdate, Subject } from "@/api/schema.gen";
import { useList } from "@/api/use-list";
import type { Permission } from "@/lib/permissions";

export const LIMITS = "/api/limits";
/** There are few limits: one page holds nearly always all. */
const EACH = "200";

/** Limits with their present use, which is asked for again and again: calls use it up meanwhile. */
export const useLimits = (asked: { kind: string | undefined; subject: string | undefined }) =>
  useList<LimitRead>("limits", LIMITS, { ...asked, limit: EACH }, usePolling());

interface Named {
  id: string;
  name: string;
  /** Of people. */
  email?: string;
}

type Part = Exclude<Subject, "organization">;

const sources: Record<Part, { can: Permission; from: string }> = {
  team: { can: "people:read", from: "/api/identity/teams?" },
  person: { can: "people:read", from: "/api/identity/people?" },
  key: { can: "keys:read", from: "/api/identity/keys?state=active&" },
  route: { can: "routes:read", from: "/api/routes?" },
  model: { can: "models:read", from: "/api/models?" },
};


/** What there is of a kind; null where that is not known, or too much to choose from: then its name is written. */
export function useSubjects(kind: Part): { choices: Named[] | null; waiting: boolean } {
  const may = useMay(sources[kind].can);
  const { data, isPending } = useQuery({
    queryKey: ["limits", "subjects", kind],
    queryFn: ({ signal }) => get<Page<Named>>(`${sources[kind].from}limit=500`, { signal }),
    enabled: may,
    staleTime: 30_000,
  });
  return { choices: data?.next === null ? data.items : null, waiting: may && isPending };
}

function useChange<Taken, Given>(change: (taken: Taken) => Promise<Given>) {
  const queries = useQueryClient();
  // After a refusal too: somebody was faster, perhaps, and what they did is then seen.
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: ["limits"] }) });
}

export const useCreateLimit = () => useChange((limit: LimitCreate) => post<LimitRead>(LIMITS, limit));

export const useUpdateLimit = () => useChange(({ id, ...taken }: LimitUpdate & { id: string }) => patch<LimitRead>(`${LIMITS}/${id}`, taken));

export const useDeleteLimit = () => useChange((id: string) => remove(`${LIMITS}/${id}`));
