import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { newRelease, oneRelease, releasesList } from "@/features/releases/routes";

const releasesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: releasesList.path,
  validateSearch: releasesList.validateSearch,
  beforeLoad: only(releasesList.can),
  component: lazyRouteComponent(() => import("@/features/releases/releases-page")),
});

const newReleaseRoute = createRoute({
  getParentRoute: () => signedIn,
  path: newRelease.path,
  validateSearch: newRelease.validateSearch,
  beforeLoad: only(newRelease.can),
  component: lazyRouteComponent(() => import("@/features/releases/new-release-page")),
});

const releaseRoute = createRoute({
  getParentRoute: () => signedIn,
  path: oneRelease.path,
  beforeLoad: only(oneRelease.can),
  component: lazyRouteComponent(() => import("@/features/releases/release-page")),
});

/** Prove & release: versions that are brought to traffic step by step. */
export const releasesRoutes = [releasesRoute, newReleaseRoute, releaseRoute] as const;
