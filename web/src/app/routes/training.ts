import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { compareTraining, newTraining, oneRun, schedulesList, trainingList, tuningList } from "@/features/training/routes";

const runsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: trainingList.path,
  validateSearch: trainingList.validateSearch,
  beforeLoad: only(trainingList.can),
  component: lazyRouteComponent(() => import("@/features/training/training-page")),
});

const newRunRoute = createRoute({
  getParentRoute: () => signedIn,
  path: newTraining.path,
  validateSearch: newTraining.validateSearch,
  beforeLoad: only(newTraining.can),
  component: lazyRouteComponent(() => import("@/features/training/new-run-page")),
});

const compareRoute = createRoute({
  getParentRoute: () => signedIn,
  path: compareTraining.path,
  validateSearch: compareTraining.validateSearch,
  beforeLoad: only(compareTraining.can),
  component: lazyRouteComponent(() => import("@/features/training/compare-page")),
});

const schedulesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: schedulesList.path,
  validateSearch: schedulesList.validateSearch,
  beforeLoad: only(schedulesList.can),
  component: lazyRouteComponent(() => import("@/features/training/schedules-page")),
});

const tuningRoute = createRoute({
  getParentRoute: () => signedIn,
  path: tuningList.path,
  beforeLoad: only(tuningList.can),
  component: lazyRouteComponent(() => import("@/features/training/tuning-page")),
});

const runRoute = createRoute({
  getParentRoute: () => signedIn,
  path: oneRun.path,
  beforeLoad: only(oneRun.can),
  component: lazyRouteComponent(() => import("@/features/training/run-page")),
});

/** Improve: models being made. */
export const trainingRoutes = [runsRoute, newRunRoute, compareRoute, schedulesRoute, tuningRoute, runRoute] as const;
