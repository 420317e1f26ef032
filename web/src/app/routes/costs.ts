import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { costs } from "@/features/costs/routes";

const costsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: costs.path,
  validateSearch: costs.validateSearch,
  beforeLoad: only(costs.can),
  component: lazyRouteComponent(() => import("@/features/costs/costs-page")),
});

export const costsRoutes = [costsRoute] as const;
