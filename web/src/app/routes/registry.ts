import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import {
  modelsList,
  newModel,
  newProvider,
  newRoute,
  oneModel,
  oneProvider,
  oneRoute,
  providersList,
  routesList,
  routeVersions,
} from "@/features/registry/routes";

const routesRoute = createRoute({
  getParentRoute: () => signedIn,
  ...routesList,
  beforeLoad: only("routes:read"),
  component: lazyRouteComponent(() => import("@/features/registry/routes-page")),
});

const newRouteRoute = createRoute({
  getParentRoute: () => signedIn,
  ...newRoute,
  beforeLoad: only("routes:write"),
  component: lazyRouteComponent(() => import("@/features/registry/new-route-page")),
});

const routeRoute = createRoute({
  getParentRoute: () => signedIn,
  ...oneRoute,
  beforeLoad: only("routes:read"),
  component: lazyRouteComponent(() => import("@/features/registry/route-page")),
});

const versionsRoute = createRoute({
  getParentRoute: () => signedIn,
  ...routeVersions,
  beforeLoad: only("routes:read"),
  component: lazyRouteComponent(() => import("@/features/registry/versions-page")),
});

const modelsRoute = createRoute({
  getParentRoute: () => signedIn,
  ...modelsList,
  beforeLoad: only("models:read"),
  component: lazyRouteComponent(() => import("@/features/registry/models-page")),
});

const newModelRoute = createRoute({
  getParentRoute: () => signedIn,
  ...newModel,
  beforeLoad: only("models:write"),
  component: lazyRouteComponent(() => import("@/features/registry/new-model-page")),
});

const modelRoute = createRoute({
  getParentRoute: () => signedIn,
  ...oneModel,
  beforeLoad: only("models:read"),
  component: lazyRouteComponent(() => import("@/features/registry/model-page")),
});

const providersRoute = createRoute({
  getParentRoute: () => signedIn,
  ...providersList,
  beforeLoad: only("providers:read"),
  component: lazyRouteComponent(() => import("@/features/registry/providers-page")),
});

const newProviderRoute = createRoute({
  getParentRoute: () => signedIn,
  ...newProvider,
  beforeLoad: only("providers:write"),
  component: lazyRouteComponent(() => import("@/features/registry/new-provider-page")),
});

const providerRoute = createRoute({
  getParentRoute: () => signedIn,
  ...oneProvider,
  beforeLoad: only("providers:read"),
  component: lazyRouteComponent(() => import("@/features/registry/provider-page")),
});

/** Serve: what calls are answered by. */
export const registryRoutes = [
  routesRoute,
  newRouteRoute,
  routeRoute,
  versionsRoute,
  modelsRoute,
  newModelRoute,
  modelRoute,
  providersRoute,
  newProviderRoute,
  providerRoute,
] as const;
