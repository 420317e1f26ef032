import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { monitorsList, oneMonitor } from "@/features/monitors/routes";

const monitors = createRoute({
  getParentRoute: () => signedIn,
  path: monitorsList.path,
  validateSearch: monitorsList.validateSearch,
  beforeLoad: only(monitorsList.can),
  component: lazyRouteComponent(() => import("@/features/monitors/monitors-page")),
});

const monitor = createRoute({
  getParentRoute: () => signedIn,
  path: oneMonitor.path,
  validateSearch: oneMonitor.validateSearch,
  beforeLoad: only(oneMonitor.can),
  component: lazyRouteComponent(() => import("@/features/monitors/monitor-page")),
});

/** Watch: what is looked at, by itself and all the time. */
export const monitorsRoutes = [monitors, monitor] as const;
