import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";

import { ErrorPage, NotFoundPage } from "./error-page";
import { Opening } from "./opening";
import { SignedIn } from "./signed-in";

import { session } from "@/api/session";
import { meQuery } from "@/features/identity/queries";
import { signIn } from "@/features/identity/routes";
import { overview } from "@/features/overview/routes";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";


interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet });

const signInRoute = createRoute({
  getParentRoute: () => root,
  ...signIn,
  beforeLoad: ({ search }) => {
    if (session.key() !== null) throw redirect({ to: search.next ?? paths.overview });
  },
  component: lazyRouteComponent(() => import("@/features/identity/sign-in-page")),
});

const signedInRoute = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    const search = location.href === paths.overview ? {} : { next: location.href };
    if (session.key() === null) throw redirect({ to: paths.signIn, search });
    return { me: await context.queries.query({ ...meQuery, staleTime: "static" }) };
  },
  component: SignedIn,
});

/** Refuses a page to those who may not use it, in words. */
function mustHave(permissions: string[], permission: Permission): void {
  if (!permissions.includes(permission)) throw new Error(`Your role does not include ${permission}, which this page needs.`);
}

const overviewRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: overview.path,
  validateSearch: overview.validateSearch,
  beforeLoad: ({ context }) => mustHave(context.me.permissions, overview.can),
  component: lazyRouteComponent(() => import("./overview-page")),
});

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([signInRoute, signedInRoute.addChildren([overviewRoute])]),
    context: { queries },
    defaultPendingComponent: Opening,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
