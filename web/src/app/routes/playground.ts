import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { playground } from "@/features/playground/routes";

const playgroundRoute = createRoute({
  getParentRoute: () => signedIn,
  path: playground.path,
  validateSearch: playground.validateSearch,
  beforeLoad: only(playground.can),
  component: lazyRouteComponent(() => import("@/features/playground/playground-page")),
});

export const playgroundRoutes = [playgroundRoute] as const;
