import { useState } from "react";

import { bodyOf, draftOf, type RouteDraft } from "./draft";
import { usePreview } from "./use-preview";
import { useRouteCommands } from "./use-route-commands";

import type { RouteCreate, RouteRead } from "@/api/schema.gen";

/** A change of a route from its first keystroke to its being saved, whoever saves meanwhile. */
export function useRouteEditing(route: RouteRead) {
  // What one began with: the version that one's change is compared with.
  const [base, setBase] = useState(route);
  const [draft, setDraft] = useState<RouteDraft>(() => draftOf(route));
  const [asked, ask] = useState<"save" | "delete" | null>(null);
  const { save } = useRouteCommands();
  const told = usePreview(draft, route.id);
  const before = bodyOf(draftOf(base));
  const after = bodyOf(draft);
  const dirty = JSON.stringify(before) !== JSON.stringify(after);

  function begin(from: RouteRead) {
    setBase(from);
    setDraft(draftOf(from));
    ask(null);
    save.reset();
  }

  // Somebody else's change, or an undo: shown at once unless one is in the middle of a change.
  if (route.version !== base.version && !dirty && asked === null) {
    setBase(route);
    setDraft(draftOf(route));
  }

  const send = (body: RouteCreate, version: number) => save.mutate({ id: route.id, body, version }, { onSuccess: begin });
  const valid = told.ready && told.error === null && told.preview?.problems.length === 0;
  return { base, before, after, draft, setDraft, told, dirty, valid, begin, asked, ask, save, send };
}

export type RouteEditing = ReturnType<typeof useRouteEditing>;
