import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { compareTrained, oneTrained, oneVersion, trainedList } from "@/features/versions/routes";

const trainedModelsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: trainedList.path,
  beforeLoad: only(trainedList.can),
  component: lazyRouteComponent(() => import("@/features/versions/versions-page")),
});

const trainedRoute = createRoute({
  getParentRoute: () => signedIn,
  path: oneTrained.path,
  validateSearch: oneTrained.validateSearch,
  beforeLoad: only(oneTrained.can),
  component: lazyRouteComponent(() => import("@/features/versions/trained-page")),
});

const compareRoute = createRoute({
  getParentRoute: () => signedIn,
  path: compareTrained.path,
  validateSearch: compareTrained.validateSearch,
  beforeLoad: only(compareTrained.can),
  component: lazyRouteComponent(() => import("@/features/versions/compare-page")),
});

const versionRoute = createRoute({
  getParentRoute: () => signedIn,
  path: oneVersion.path,
  beforeLoad: only(oneVersion.can),
  component: lazyRouteComponent(() => import("@/features/versions/version-page")),
});

/** Improve: what was made, and what of it is in force. */
export const versionsRoutes = [trainedModelsRoute, trainedRoute, compareRoute, versionRoute] as const;
