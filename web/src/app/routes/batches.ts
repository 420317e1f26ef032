import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { batches } from "@/features/batches/routes";

const batchesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: batches.path,
  validateSearch: batches.validateSearch,
  beforeLoad: only(batches.can),
  component: lazyRouteComponent(() => import("@/features/batches/batches-page")),
});

export const batchesRoutes = [batchesRoute] as const;
