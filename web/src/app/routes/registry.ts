import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { paths } from "@/lib/paths";

const routesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: paths.routes,
  beforeLoad: only("routes:read"),
  component: lazyRouteComponent(() => import("../pages/unbuilt-page")),
});

const modelsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: paths.models,
  beforeLoad: only("models:read"),
  component: lazyRouteComponent(() => import("../pages/unbuilt-page")),
});

const providersRoute = createRoute({
  getParentRoute: () => signedIn,
  path: paths.providers,
  beforeLoad: only("providers:read"),
  component: lazyRouteComponent(() => import("../pages/unbuilt-page")),
});

/** Serve: what calls are answered by. */
export const registryRoutes = [routesRoute, modelsRoute, providersRoute] as const;
