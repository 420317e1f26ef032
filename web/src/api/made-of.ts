import { queryOptions } from "@tanstack/react-query";

import { get } from "./client";
import type { Page } from "./schema";
import type { TrainingExample } from "./schema.gen";

/** What examples are made of. */
export type Made = { operation: string } | { feedback: string } | { conversation: string };

/** Examples that were made of a call, or of what was said of it. */
export const madeOfQuery = (of: Made) =>
  queryOptions({
    queryKey: ["datasets", "made-of", of],
    queryFn: async ({ signal }) => (await get<Page<TrainingExample>>(`/api/ai/training-data?${new URLSearchParams({ ...of, limit: "20" }).toString()}`, { signal })).items,
  });
