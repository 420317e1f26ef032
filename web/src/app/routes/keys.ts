import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { paths } from "@/lib/paths";

const keysRoute = createRoute({
  getParentRoute: () => signedIn,
  path: paths.keys,
  beforeLoad: only("keys:read"),
  component: lazyRouteComponent(() => import("../pages/unbuilt-page")),
});

export const keysRoutes = [keysRoute] as const;
