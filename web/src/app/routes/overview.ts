import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { firstPage } from "../navigation";

import { signedIn } from "./root";

import { overview } from "@/features/overview/routes";

const overviewRoute = createRoute({
  getParentRoute: () => signedIn,
  path: overview.path,
  validateSearch: overview.validateSearch,
  beforeLoad: ({ context }) => {
    // The address that everybody types: who may not see figures begins where they may work.
    if (!context.me.permissions.includes(overview.can)) throw redirect({ to: firstPage(context.me.permissions), replace: true });
  },
  component: lazyRouteComponent(() => import("../pages/overview-page")),
});

export const overviewRoutes = [overviewRoute] as const;
