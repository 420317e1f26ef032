import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { feedback } from "@/features/feedback/routes";

const feedbackRoute = createRoute({
  getParentRoute: () => signedIn,
  path: feedback.path,
  validateSearch: feedback.validateSearch,
  beforeLoad: only(feedback.can),
  component: lazyRouteComponent(() => import("@/features/feedback/feedback-page")),
});

export const feedbackRoutes = [feedbackRoute] as const;
