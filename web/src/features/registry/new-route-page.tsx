import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { bodyOf, emptyDraft } from "./draft";
import { modelsQuery } from "./queries";
import { RouteEditor } from "./route-editor";
import { RouteSkeleton } from "./route-header";
import { SaveDialog } from "./save-dialog";
import { usePreview } from "./use-preview";
import { useRouteCommands } from "./use-route-commands";

import type { ModelRead } from "@/api/schema.gen";
import { Crumbs } from "@/components/crumbs";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

/** A route before it is there. */
export default function NewRoutePage() {
  const models = useQuery(modelsQuery);
  return (
    <div className="space-y-8">
      <title>New route · Hone</title>
      <header>
        <Crumbs to={paths.routes}>Routes</Crumbs>
        <h1 className="text-title font-semibold tracking-tight">New route</h1>
      </header>
      {models.data ? (
        <Making models={models.data.items} />
      ) : models.error ? (
        <Failure title="The models could not be loaded" error={models.error} onRetry={() => void models.refetch()} />
      ) : (
        <RouteSkeleton headed />
      )}
    </div>
  );
}

function Making({ models }: { models: readonly ModelRead[] }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => emptyDraft(models[0]?.name));
  const [asked, setAsked] = useState(false);
  const { create } = useRouteCommands();
  const told = usePreview(draft, undefined);
  const after = bodyOf(draft);
  const valid = told.ready && told.error === null && told.preview?.problems.length === 0;

  if (models.length === 0) {
    return (
      <Notice tone="info" title="There is no model yet">
        A route chooses among models. Add a model first, then come back.
      </Notice>
    );
  }
  return (
    <>
      <RouteEditor
        draft={draft}
        onChange={setDraft}
        models={models}
        told={told}
        actions={
          <Button look="primary" disabled={!valid} onClick={() => setAsked(true)}>
            Review and add
          </Button>
        }
      />
      {asked && (
        <SaveDialog
          title={`Add ${after.name}?`}
          before={null}
          after={after}
          preview={told.preview}
          action={`Add ${after.name}`}
          saving={create.isPending}
          error={create.error}
          onClose={() => {
            create.reset();
            setAsked(false);
          }}
          onSave={() =>
            create.mutate(after, {
              onSuccess: (route) => void navigate({ to: "/routes/$routeId", params: { routeId: route.id } }),
            })
          }
        />
      )}
    </>
  );
}
