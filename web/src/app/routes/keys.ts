import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { keys } from "@/features/keys/routes";

const keysRoute = createRoute({
  getParentRoute: () => signedIn,
  path: keys.path,
  validateSearch: keys.validateSearch,
  beforeLoad: only(keys.can),
  component: lazyRouteComponent(() => import("@/features/keys/keys-page")),
});

export const keysRoutes = [keysRoute] as const;
