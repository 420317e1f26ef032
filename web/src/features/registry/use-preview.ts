import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { bodyOf, complete, type RouteDraft } from "./draft";
import { REGISTRY } from "./queries";

import { post } from "@/api/client";
import { useMay } from "@/api/me";
import type { RoutePreview } from "@/api/schema.gen";

const PAUSE_MS = 250;

/** What the server says of a draft, once one pauses in typing. */
export function usePreview(draft: RouteDraft, id: string | undefined) {
  const may = useMay("routes:write");
  const ready = complete(draft);
  const [settled, setSettled] = useState(draft);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(draft), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  const body = { ...bodyOf(settled), ...(id !== undefined && { id }) };
  const query = useQuery({
    queryKey: [...REGISTRY, "preview", body],
    queryFn: ({ signal }) => post<RoutePreview>("/api/routes/preview", body, { signal }),
    enabled: may && ready && complete(settled),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  return { preview: ready ? query.data : undefined, error: ready ? query.error : null, ready, may };
}
