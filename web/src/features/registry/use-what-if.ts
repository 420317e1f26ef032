import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { post } from "@/api/client";
import { useMay } from "@/api/me";
import type { RouteCreate, WhatIf } from "@/api/schema.gen";

/** Later than what saving would do: a replay costs the server a good part of a second. */
const PAUSE_MS = 500;
/** From here on one is told that something is under way. */
const LONG_MS = 300;

/** What the last calls would have come to through a draft, once one pauses in changing it. */
export function useWhatIf(draft: RouteCreate | null, id: string | undefined) {
  const mayRead = useMay("operations:read");
  const may = useMay("routes:write") && mayRead;
  const wanted = draft && JSON.stringify({ ...draft, ...(id !== undefined && { id }) });
  const [settled, setSettled] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const query = useQuery({
    queryKey: ["what-if", settled],
    // What is no longer wanted is called off, here and at the server.
    queryFn: ({ signal }) => post<WhatIf>("/api/routes/what-if", JSON.parse(settled ?? "{}"), { signal }),
    enabled: may && wanted !== null && settled !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
  const behind = wanted !== settled || query.isFetching;
  return {
    may,
    told: wanted === null ? undefined : query.data,
    error: wanted === null ? null : query.error,
    working: useLong(behind && wanted !== null),
    again: () => void query.refetch(),
  };
}

/** Whether something has been so for a while. */
function useLong(so: boolean): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!so) return;
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [so]);
  return so && long;
}
