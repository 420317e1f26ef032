import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { get } from "./client";

/** The object that lies open beside its list: from the list, or asked for by itself when it is not there (yet). */
export function useOpened<Item extends { id: string }>(
  key: string,
  path: string,
  rows: readonly Item[] | undefined,
  id: string | undefined,
): { opened: Item | undefined; error: Error | null } {
  const listed = rows?.find((row) => row.id === id);
  const { data, error } = useQuery({
    queryKey: [key, "one", id],
    queryFn: ({ signal }) => get<Item>(`${path}/${encodeURIComponent(id ?? "")}`, { signal }),
    enabled: id !== undefined && rows !== undefined && !listed,
  });
  return { opened: useKept(listed ?? data, id), error: listed ? null : error };
}

/** It stays while the list is asked anew: what one does about it is not lost. */
function useKept<Item extends { id: string }>(found: Item | undefined, id: string | undefined): Item | undefined {
  const [kept, keep] = useState(found);
  if (found && found !== kept) keep(found);
  const known = found ?? kept;
  return known?.id === id ? known : undefined;
}
