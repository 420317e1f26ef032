import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { experimentsList, newExperiment, oneExperiment } from "@/features/experiments/routes";

const experimentsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: experimentsList.path,
  validateSearch: experimentsList.validateSearch,
  beforeLoad: only(experimentsList.can),
  component: lazyRouteComponent(() => import("@/features/experiments/experiments-page")),
});

const newExperimentRoute = createRoute({
  getParentRoute: () => signedIn,
  path: newExperiment.path,
  validateSearch: newExperiment.validateSearch,
  beforeLoad: only(newExperiment.can),
  component: lazyRouteComponent(() => import("@/features/experiments/new-experiment-page")),
});

const experimentRoute = createRoute({
  getParentRoute: () => signedIn,
  path: oneExperiment.path,
  beforeLoad: only(oneExperiment.can),
  component: lazyRouteComponent(() => import("@/features/experiments/experiment-page")),
});

/** Prove & release: which of two is better, and by how much. */
export const experimentsRoutes = [experimentsRoute, newExperimentRoute, experimentRoute] as const;
