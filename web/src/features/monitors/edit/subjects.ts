import { queryOptions } from "@tanstack/react-query";

import { get } from "@/api/client";
import type { Page } from "@/api/schema";

interface Named {
  name: string;
}

const namesFrom = async (path: string, may: boolean, signal: AbortSignal): Promise<string[]> =>
  may ? (await get<Page<Named>>(`${path}?limit=200`, { signal })).items.map(({ name }) => name) : [];

/** What can be watched apart: models, trained or bought, and routes. */
export const subjectsQuery = (may: { models: boolean; routes: boolean }) =>
  queryOptions({
    queryKey: ["monitors", "subjects", may],
    queryFn: async ({ signal }) => {
      const [trained, bought, routes] = await Promise.all([namesFrom("/api/ai/models", may.models, signal), namesFrom("/api/models", may.models, signal), namesFrom("/api/routes", may.routes, signal)]);
      return { models: [...new Set([...trained, ...bought])], routes };
    },
    staleTime: 60_000,
  });
