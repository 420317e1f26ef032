import { useMutation, useQueryClient } from "@tanstack/react-query";

import { REGISTRY, routeQuery } from "./queries";

import { post, put, remove } from "@/api/client";
import type { RouteCreate, RouteRead } from "@/api/schema.gen";
import { toasts } from "@/components/toast/store";

const at = (id: string) => `/api/routes/${encodeURIComponent(id)}`;

/** What can be done to routes; each says that it was done, and offers to undo it. */
export function useRouteCommands() {
  const queries = useQueryClient();

  /** Everything that shows routes asks anew; the route itself is known already. */
  async function became(route: RouteRead): Promise<void> {
    queries.setQueryData(routeQuery(route.id).queryKey, route);
    await queries.invalidateQueries({ queryKey: REGISTRY });
  }

  async function undo(id: string, version: number): Promise<void> {
    await became(await post<RouteRead>(`${at(id)}/undo`, { version }));
  }

  async function told(title: string, route: RouteRead): Promise<RouteRead> {
    await became(route);
    toasts.show(title, { label: "Undo", run: () => undo(route.id, route.version) });
    return route;
  }

  const create = useMutation({
    mutationFn: (body: RouteCreate) => post<RouteRead>("/api/routes", body),
    onSuccess: async (route) => {
      await became(route);
      toasts.show(`Added the route ${route.name}`);
    },
  });

  const save = useMutation({
    mutationFn: ({ id, body, version }: { id: string; body: RouteCreate; version: number }) =>
      put<RouteRead>(at(id), { ...body, version }),
    onSuccess: (route) => told(`Saved ${route.name}, version ${route.version}`, route),
  });

  const restore = useMutation({
    mutationFn: ({ id, number, version }: { id: string; number: number; version: number }) =>
      post<RouteRead>(`${at(id)}/versions/${number}/restore`, { version }),
    onSuccess: (route, { number }) => told(`${route.name} is again what version ${number} was`, route),
  });

  async function discard({ id, name, version }: RouteRead): Promise<void> {
    await remove(at(id));
    queries.removeQueries({ queryKey: routeQuery(id).queryKey });
    await queries.invalidateQueries({ queryKey: REGISTRY });
    // Its deletion is a version too.
    toasts.show(`Deleted the route ${name}`, { label: "Undo", run: () => undo(id, version + 1) });
  }

  return { create, save, restore, discard };
}
