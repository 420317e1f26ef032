import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { History, MessageSquareText, Trash2 } from "lucide-react";

import { modelsQuery, routeQuery } from "./queries";
import { RouteDialogs } from "./route-dialogs";
import { RouteEditor } from "./route-editor";
import { RouteHeader, RouteSkeleton } from "./route-header";
import { Unread } from "./unread";
import { useRouteEditing } from "./use-route-editing";

import { useMay } from "@/api/me";
import type { ModelRead, RouteRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { Button } from "@/components/ui/button";
import { outlineLink } from "@/components/ui/looks";
import { paths } from "@/lib/paths";

/** One route: what answers its calls, edited with a look at the difference before it counts. */
export default function RoutePage() {
  const { routeId = "" } = useParams({ strict: false });
  const route = useQuery(routeQuery(routeId));
  const models = useQuery(modelsQuery);
  const error = route.error ?? models.error;
  return (
    <>
      <title>{`${route.data?.name ?? "Route"} · Hone`}</title>
      {route.data && models.data ? (
        <Editing key={route.data.id} route={route.data} models={models.data.items} />
      ) : error ? (
        <Unread title="Route" list={{ to: paths.routes, name: "Routes" }}>
          <Failure title="The route could not be loaded" error={error} onRetry={() => void Promise.all([route.refetch(), models.refetch()])} />
        </Unread>
      ) : (
        <RouteSkeleton />
      )}
    </>
  );
}

function Editing({ route, models }: { route: RouteRead; models: readonly ModelRead[] }) {
  const mayWrite = useMay("routes:write");
  const editing = useRouteEditing(route);
  const { draft, setDraft, told, dirty, valid, begin, ask } = editing;
  return (
    <div className="space-y-8">
      <RouteHeader route={route}>
        <a href={`${paths.playground}?model=${encodeURIComponent(route.name)}`} {...(dirty && { target: "_blank", rel: "noreferrer" })} className={outlineLink}>
          <MessageSquareText aria-hidden="true" className="size-4" /> {dirty ? "Try it as saved" : "Try it"}
        </a>
        <Link to="/routes/$routeId/versions" params={{ routeId: route.id }} className={outlineLink}>
          <History aria-hidden="true" className="size-4" /> Versions
        </Link>
        {mayWrite && (
          <Button onClick={() => ask("delete")}>
            <Trash2 aria-hidden="true" /> Delete
          </Button>
        )}
      </RouteHeader>
      <fieldset disabled={!mayWrite} className="contents">
        <RouteEditor
          id={route.id}
          draft={draft}
          onChange={setDraft}
          models={models}
          told={told}
          actions={
            mayWrite && (
              <>
                <Button look="primary" disabled={!dirty || !valid} onClick={() => ask("save")}>
                  Review changes
                </Button>
                <Button disabled={!dirty} onClick={() => begin(route)}>
                  Discard changes
                </Button>
              </>
            )
          }
        />
      </fieldset>
      <RouteDialogs route={route} {...editing} />
    </div>
  );
}
