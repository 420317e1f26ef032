import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { learned } from "@/features/routing/routes";

const learnedRoute = createRoute({
  getParentRoute: () => signedIn,
  path: learned.path,
  beforeLoad: only(learned.can),
  component: lazyRouteComponent(() => import("@/features/routing/learned-page")),
});

export const learnedRoutes = [learnedRoute] as const;
