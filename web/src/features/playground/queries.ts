import { queryOptions } from "@tanstack/react-query";

import { recorded } from "./recorded";

import { get } from "@/api/client";

/** Routes and models that may be called, as any OpenAI client sees them. */
export const callableQuery = queryOptions({
  queryKey: ["playground", "models"],
  queryFn: async ({ signal }) => {
    const { data } = await get<{ data: { id: string }[] }>("/v1/models", { signal });
    return data.map(({ id }) => id);
  },
  staleTime: 10_000,
});

interface Withheld {
  messages: Record<string, unknown>[] | null;
  messagesWithheld: string | null;
  route: string | null;
  modelName: string;
}

/** A recorded operation, as something to ask again. */
export const recordedQuery = (id: string) =>
  queryOptions({
    queryKey: ["playground", "operation", id],
    queryFn: async ({ signal }) => {
      const operation = await get<Withheld>(`/api/ai/operations/${encodeURIComponent(id)}`, { signal });
      return {
        model: operation.route ?? operation.modelName,
        withheld: operation.messages === null ? (operation.messagesWithheld ?? "Its messages were not kept.") : null,
        ...recorded(operation.messages ?? []),
      };
    },
    staleTime: Infinity,
  });
