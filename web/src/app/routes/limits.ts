import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { limits } from "@/features/limits/routes";

const limitsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: limits.path,
  validateSearch: limits.validateSearch,
  beforeLoad: only(limits.can),
  component: lazyRouteComponent(() => import("@/features/limits/limits-page")),
});

export const limitsRoutes = [limitsRoute] as const;
