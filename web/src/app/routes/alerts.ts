import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { alertsList, channelsList, oneAlert } from "@/features/alerts/routes";

const alerts = createRoute({
  getParentRoute: () => signedIn,
  path: alertsList.path,
  validateSearch: alertsList.validateSearch,
  beforeLoad: only(alertsList.can),
  component: lazyRouteComponent(() => import("@/features/alerts/alerts-page")),
});

const channels = createRoute({
  getParentRoute: () => signedIn,
  path: channelsList.path,
  validateSearch: channelsList.validateSearch,
  beforeLoad: only(channelsList.can),
  component: lazyRouteComponent(() => import("@/features/alerts/channels-page")),
});

const alert = createRoute({
  getParentRoute: () => signedIn,
  path: oneAlert.path,
  beforeLoad: only(oneAlert.can),
  component: lazyRouteComponent(() => import("@/features/alerts/alert-page")),
});

/** Watch: what is wrong, and who is told. */
export const alertsRoutes = [alerts, channels, alert] as const;
