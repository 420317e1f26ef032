import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { operations } from "@/features/operations/routes";
import { paths } from "@/lib/paths";

const operationsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: operations.path,
  validateSearch: operations.validateSearch,
  beforeLoad: only(operations.can),
  component: lazyRouteComponent(() => import("../pages/operations-page")),
});

const operationRoute = createRoute({
  getParentRoute: () => signedIn,
  path: paths.operation,
  beforeLoad: only(operations.can),
  component: lazyRouteComponent(() => import("../pages/operation-page")),
});

/** Observe: what happened. */
export const operationsRoutes = [operationsRoute, operationRoute] as const;
