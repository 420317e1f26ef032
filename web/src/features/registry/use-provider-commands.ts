import { useMutation, useQueryClient } from "@tanstack/react-query";

import { providerQuery, REGISTRY } from "./queries";

import { post, put, remove } from "@/api/client";
import type { ProviderCreate, ProviderProbe, ProviderRead, ProviderTest } from "@/api/schema.gen";
import { toasts } from "@/components/toast/store";

/** What can be done to providers. */
export function useProviderCommands() {
  const queries = useQueryClient();

  const save = useMutation({
    mutationFn: ({ body, present }: { body: ProviderCreate; present: ProviderRead | null }) =>
      present
        ? put<ProviderRead>(`/api/providers/${encodeURIComponent(present.id)}`, { ...body, version: present.version })
        : post<ProviderRead>("/api/providers", body),
    onSuccess: async (provider, { present }) => {
      toasts.show(present ? `Saved ${provider.name}` : `Added the provider ${provider.name}`);
      queries.setQueryData(providerQuery(provider.id).queryKey, provider);
      await queries.invalidateQueries({ queryKey: REGISTRY });
    },
    // Somebody was faster, perhaps: the form then shows what they did.
    onError: (_, { present }) => present && queries.invalidateQueries({ queryKey: providerQuery(present.id).queryKey }),
  });

  const test = useMutation({ mutationFn: (probe: ProviderProbe) => post<ProviderTest>("/api/providers/test", probe) });

  async function discard({ id, name }: ProviderRead): Promise<void> {
    await remove(`/api/providers/${encodeURIComponent(id)}`);
    queries.removeQueries({ queryKey: providerQuery(id).queryKey });
    await queries.invalidateQueries({ queryKey: REGISTRY });
    toasts.show(`Deleted the provider ${name}`);
  }

  return { save, test, discard };
}
