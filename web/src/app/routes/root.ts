import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, Outlet, redirect } from "@tanstack/react-router";

import { ErrorPage } from "../error-page";
import { NotPermitted } from "../not-permitted";
import { SignedIn } from "../signed-in";

import { meQuery } from "@/api/me";
import type { Me, Permission } from "@/api/schema";
import { session } from "@/api/session";
import { paths } from "@/lib/paths";

interface Context {
  queries: QueryClient;
}

export const root = createRootRouteWithContext<Context>()({ component: Outlet, errorComponent: ErrorPage });

/** What the sign-in needs to lead back to where one was. */
export function cameFrom(href: string): { next?: string } {
  return href === paths.overview ? {} : { next: href };
}

export const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    const away = () => redirect({ to: paths.signIn, search: cameFrom(location.href) });
    if (!session.open()) throw away();
    try {
      return { me: await context.queries.query({ ...meQuery, staleTime: "static" }) };
    } catch (error) {
      if (!session.open()) throw away();
      throw error;
    }
  },
  component: SignedIn,
  errorComponent: ErrorPage,
});

/** Refuses a page to those who may not use it, in words. */
export function only(permission: Permission) {
  return ({ context }: { context: { me: Me } }): void => {
    if (!context.me.permissions.includes(permission)) {
      throw new NotPermitted(permission);
    }
  };
}
