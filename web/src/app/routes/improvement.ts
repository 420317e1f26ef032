import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { improvement, oneTurn } from "@/features/improvement/routes";

const policies = createRoute({
  getParentRoute: () => signedIn,
  path: improvement.path,
  validateSearch: improvement.validateSearch,
  beforeLoad: only(improvement.can),
  component: lazyRouteComponent(() => import("@/features/improvement/improvement-page")),
});

const turn = createRoute({
  getParentRoute: () => signedIn,
  path: oneTurn.path,
  beforeLoad: only(oneTurn.can),
  component: lazyRouteComponent(() => import("@/features/improvement/turn-page")),
});

/** Improve: what learns anew by itself. */
export const improvementRoutes = [policies, turn] as const;
