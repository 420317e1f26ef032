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
  /** What is known by its name alone has none. */
  id?: string;
  name: string;
  email?: string;
  /** Of a release: there are several of one model. */
  version?: string | number;
}

interface Source {
  kind: string;
  can: Permission;
  from: string;
  href: (found: Named & { id: string }) => string;
}

/** How many of a kind are shown; who looks for more writes more. */
const EACH = 5;

const below = (page: PagePath) => ({ id }: { id: string }) => `${page}/${id}`;

const sources: Source[] = [
  { kind: "Route", can: "routes:read", from: "/api/routes", href: below(paths.routes) },
  { kind: "Model", can: "models:read", from: "/api/models", href: below(paths.models) },
  { kind: "Provider", can: "providers:read", from: "/api/providers", href: below(paths.providers) },
  { kind: "Trained model", can: "models:read", from: "/api/ai/models", href: ({ name }) => `${paths.versions}/${encodeURIComponent(name)}` },
  { kind: "Key", can: "keys:read", from: "/api/identity/keys", href: ({ id }) => `${paths.keys}?key=${id}` },
  { kind: "Dataset", can: "datasets:read", from: "/api/datasets", href: below(paths.datasets) },
  { kind: "Experiment", can: "experiments:read", from: "/api/experiments", href: below(paths.experiments) },
  { kind: "Release", can: "releases:read", from: "/api/releases", href: below(paths.releases) },
  { kind: "Person", can: "people:read", from: "/api/identity/people", href: ({ id }) => `${paths.people}?person=${id}` },
  { kind: "Team", can: "people:read", from: "/api/identity/teams", href: ({ id }) => `${paths.teams}?team=${id}` },
  { kind: "Monitor", can: "monitors:read", from: "/api/monitors", href: below(paths.monitors) },
];

const matches = (query: string) => (one: Named) =>
  [one.id, one.name, one.email].some((text) => text?.toLowerCase().includes(query.toLowerCase()));

async function ask({ kind, from, href }: Source, query: string, signal: AbortSignal): Promise<Found[]> {
  const { items } = await get<Page<Named>>(`${from}?${new URLSearchParams({ q: query, limit: "100" }).toString()}`, { signal });
  const found = items.filter(matches(query)).slice(0, EACH);
  return found.map((one) => ({ ...one, id: one.id ?? one.name })).map((one) => ({ id: one.id, title: titleOf(one), kind, href: href(one) }));
}

/** A version that is a text is a part of the name; a number only counts changes. */
const titleOf = ({ name, version }: Named): string => (typeof version === "string" ? `${name} ${version}` : name);

/** What is found by its id alone: of some there may be millions. */
const byId: { prefix: string; kind: string; can: Permission; from: string; page: PagePath }[] = [
  { prefix: "op_", kind: "Operation", can: "operations:read", from: "/api/ai/operations", page: paths.operations },
  { prefix: "exp_", kind: "Experiment", can: "experiments:read", from: "/api/experiments", page: paths.experiments },
  { prefix: "rel_", kind: "Release", can: "releases:read", from: "/api/releases", page: paths.releases },
  { prefix: "trun_", kind: "Training run", can: "training:read", from: "/api/training/runs", page: paths.training },
  { prefix: "turn_", kind: "Turn of improvement", can: "releases:read", from: "/api/improvement/turns", page: "/improvement/turns" as PagePath },
  { prefix: "alert_", kind: "Alert", can: "monitors:read", from: "/api/ai/alerts", page: paths.alerts },
];

async function askOne({ kind, from, page }: (typeof byId)[number], id: string, signal: AbortSignal): Promise<Found[]> {
  try {
    await get(`${from}/${encodeURIComponent(id)}`, { signal });
    return [{ id, title: id, kind, href: `${page}/${id}` }];
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
      const one = byId.find(({ prefix }) => query.startsWith(prefix) && /^\w+$/.test(query));
      if (one) return permissions.includes(one.can) ? askOne(one, query, signal) : [];
      const usable = sources.filter(({ can }) => permissions.includes(can));
      const found = await Promise.all(usable.map((source) => ask(source, query, signal)));
      return found.flat();
    },
    enabled: query.length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}
