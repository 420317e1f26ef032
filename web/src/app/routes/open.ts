import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { root } from "./root";

import { session } from "@/api/session";
import { forgotPassword, setPassword, signIn } from "@/features/identity/routes";
import { paths } from "@/lib/paths";

const signInRoute = createRoute({
  getParentRoute: () => root,
  ...signIn,
  beforeLoad: ({ search }) => {
    if (session.open()) throw redirect({ to: search.next ?? paths.overview });
  },
  component: lazyRouteComponent(() => import("@/features/identity/sign-in-page")),
});

const forgotPasswordRoute = createRoute({
  getParentRoute: () => root,
  ...forgotPassword,
  component: lazyRouteComponent(() => import("@/features/identity/forgot-password-page")),
});

const setPasswordRoute = createRoute({
  getParentRoute: () => root,
  ...setPassword,
  component: lazyRouteComponent(() => import("@/features/identity/set-password-page")),
});

/** What can be seen without being signed in. */
export const openRoutes = [signInRoute, forgotPasswordRoute, setPasswordRoute] as const;
