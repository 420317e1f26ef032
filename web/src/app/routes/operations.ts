import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { paths } from "@/lib/paths";

const operationsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: paths.operations,
  beforeLoad: only("operations:read"),
  component: lazyRouteComponent(() => import("../pages/unbuilt-page")),
});

/** Observe: what happened. */
export const operationsRoutes = [operationsRoute] as const;
