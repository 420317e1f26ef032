import type { ReactNode } from "react";

import type { RouteRead } from "@/api/schema.gen";
import { CopyButton } from "@/components/copy-button";
import { Crumbs } from "@/components/crumbs";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";
import { age, fullTime } from "@/lib/time";
import { useNow } from "@/lib/use-now";

interface Props {
  route: RouteRead;
  /** What can be done with it. */
  children: ReactNode;
}

/** What the route is, which version counts, and what can be done with it. */
export function RouteHeader({ route, children }: Props) {
  const now = useNow(10_000);
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <Crumbs to={paths.routes}>Routes</Crumbs>
        <h1 className="text-title font-semibold tracking-tight break-words">{route.name}</h1>
        <p className="flex flex-wrap items-center gap-x-1 text-sm text-quiet">
          Version {route.version}, saved{" "}
          <time dateTime={route.updatedAt} title={fullTime(route.updatedAt)}>
            {age(now - Date.parse(route.updatedAt))}
          </time>
          <span className="hidden items-center gap-1 sm:flex">
            · <code className="font-mono text-xs">{route.id}</code>
            <CopyButton text={route.id} what="the route's id" />
          </span>
        </p>
      </div>
      <div className="flex flex-wrap gap-2">{children}</div>
    </header>
  );
}

/** The page's shape while it is on its way. */
export function RouteSkeleton({ headed = false }: { headed?: boolean }) {
  return (
    <div role="status" aria-label="Loading the route" className="space-y-8">
      {!headed && <h1 className="sr-only">Route</h1>}
      <div className="space-y-2">
        <Skeleton className="h-4 w-16" />
        <Skeleton className="h-7 w-56" />
        <Skeleton className="h-4 w-72 max-w-full" />
      </div>
      <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <Skeleton className="h-96" />
        <Skeleton className="h-64" />
      </div>
    </div>
  );
}
