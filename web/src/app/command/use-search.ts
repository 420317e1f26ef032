import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";

import { ApiError, get } from "@/api/client";
import { useMe } from "@/api/me";
import type { Page, Permission } from "@/api/schema";
import { paths, type PagePath } from "@/lib/paths";

export interface Found {
  id: string;
  title: string;
  /** What kind of thing it is. */
  kind: string;
  href: string;
}

interface Named {
  id: string;
  name: string;
  email?: string;
}

interface Source {
  kind: string;
  can: Permission;
  from: string;
  href: (found: Named) => string;
}

/** How many of a kind are shown; who looks for more writes more. */
const EACH = 5;

const below = (page: PagePath) => ({ id }: Named) => `${page}/${id}`;

const sources: Source[] = [
  { kind: "Route", can: "routes:read", from: "/api/routes", href: below(paths.routes) },
  { kind: "Model", can: "models:read", from: "/api/models", href: below(paths.models) },
  { kind: "Provider", can: "providers:read", from: "/api/providers", href: below(paths.providers) },
  { kind: "Key", can: "keys:read", from: "/api/identity/keys", href: ({ id }) => `${paths.keys}?key=${id}` },
  { kind: "Person", can: "people:read", from: "/api/identity/people", href: ({ id }) => `${paths.people}?person=${id}` },
  { kind: "Team", can: "people:read", from: "/api/identity/teams", href: ({ id }) => `${paths.teams}?team=${id}` },
];

const matches = (query: string) => (one: Named) =>
  [one.id, one.name, one.email].some((text) => text?.toLowerCase().includes(query.toLowerCase()));

async function ask({ kind, from, href }: Source, query: string, signal: AbortSignal): Promise<Found[]> {
  const { items } = await get<Page<Named>>(`${from}?${new URLSearchParams({ q: query, limit: "100" }).toString()}`, { signal });
  const found = items.filter(matches(query)).slice(0, EACH);
  return found.map((one) => ({ id: one.id, title: one.name, kind, href: href(one) }));
}

/** An operation is found by its id only: names it has none, and there are millions. */
async function askOperation(id: string, signal: AbortSignal): Promise<Found[]> {
  try {
    await get(`/api/ai/operations/${encodeURIComponent(id)}`, { signal });
    return [{ id, title: id, kind: "Operation", href: `${paths.operations}/${id}` }];
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) return [];
    throw error;
  }
}

/** What the API knows by this name or id; what the person may not read is not asked for. */
export function useSearch(text: string) {
  const { permissions } = useMe();
  const query = useDeferredValue(text.trim());
  return useQuery({
    queryKey: ["search", query],
    queryFn: async ({ signal }) => {
      if (/^op_\w+$/.test(query)) return permissions.includes("operations:read") ? askOperation(query, signal) : [];
      const usable = sources.filter(({ can }) => permissions.includes(can));
      const found = await Promise.all(usable.map((source) => ask(source, query, signal)));
      return found.flat();
    },
    enabled: query.length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}
