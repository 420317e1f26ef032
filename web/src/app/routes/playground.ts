import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { paths } from "@/lib/paths";

const playgroundRoute = createRoute({
  getParentRoute: () => signedIn,
  path: paths.playground,
  beforeLoad: only("ai:query"),
  component: lazyRouteComponent(() => import("../pages/unbuilt-page")),
});

export const playgroundRoutes = [playgroundRoute] as const;
