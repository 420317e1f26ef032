import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { forget, isRunning, useChecks } from "../queries";

/** Asks anew for what is said of datasets whenever checks got on, since findings come while they run; tells whether they do. */
export function useNews(dataset: string): boolean {
  const queries = useQueryClient();
  const { data: check } = useChecks(dataset);
  const stamp = check ? `${check.id} ${check.state} ${check.stage} ${check.progress}` : null;
  const seen = useRef(stamp);
  useEffect(() => {
    const isNew = seen.current !== null && seen.current !== stamp;
    seen.current = stamp;
    if (isNew) void forget(queries);
  }, [stamp, queries]);
  return isRunning(check);
}
