import { queryOptions } from "@tanstack/react-query";

import { get } from "@/api/client";
import type { Page } from "@/api/schema";

/** The models that were trained here: what can be trained again. */
export const modelsQuery = queryOptions({
  queryKey: ["improvement", "models"],
  queryFn: async ({ signal }) => (await get<Page<{ name: string }>>("/api/ai/models?limit=200", { signal })).items.map(({ name }) => name),
});
