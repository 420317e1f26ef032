import { useQuery } from "@tanstack/react-query";

import { get } from "./client";
import { useMay } from "./me";
import type { Page } from "./schema";
import type { TeamRead } from "./schema.gen";

/** The names of the teams by their ids; none for those who may not see them. */
export function useTeamNames(): Map<string, string> {
  const may = useMay("people:read");
  const { data } = useQuery({
    queryKey: ["teams", "names"],
    queryFn: ({ signal }) => get<Page<TeamRead>>("/api/identity/teams?limit=500", { signal }),
    enabled: may,
    staleTime: 30_000,
  });
  return new Map(data?.items.map(({ id, name }) => [id, name]));
}
