import { useMutation, useQueryClient } from "@tanstack/react-query";

import { modelQuery, REGISTRY } from "./queries";

import { post, put, remove } from "@/api/client";
import type { ModelCreate, ModelRead } from "@/api/schema.gen";
import { toasts } from "@/components/toast/store";

/** What can be done to models. */
export function useModelCommands() {
  const queries = useQueryClient();

  const save = useMutation({
    mutationFn: ({ body, present }: { body: ModelCreate; present: ModelRead | null }) =>
      present
        ? put<ModelRead>(`/api/models/${encodeURIComponent(present.id)}`, { ...body, version: present.version })
        : post<ModelRead>("/api/models", body),
    onSuccess: async (model, { present }) => {
      toasts.show(present ? `Saved ${model.name}` : `Added the model ${model.name}`);
      queries.setQueryData(modelQuery(model.id).queryKey, model);
      await queries.invalidateQueries({ queryKey: REGISTRY });
    },
    // Somebody was faster, perhaps: the form then shows what they did.
    onError: (_, { present }) => present && queries.invalidateQueries({ queryKey: modelQuery(present.id).queryKey }),
  });

  async function discard({ id, name }: ModelRead): Promise<void> {
    await remove(`/api/models/${encodeURIComponent(id)}`);
    queries.removeQueries({ queryKey: modelQuery(id).queryKey });
    await queries.invalidateQueries({ queryKey: REGISTRY });
    toasts.show(`Deleted the model ${name}`);
  }

  return { save, discard };
}
