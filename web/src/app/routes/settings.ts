import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { audit as auditTrail } from "@/features/audit/routes";
import { people as peopleList } from "@/features/people/routes";
import { security as signInSecurity } from "@/features/security/routes";
import { teams as teamsList } from "@/features/teams/routes";
import { paths } from "@/lib/paths";

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: paths.settings,
  component: lazyRouteComponent(() => import("../pages/settings-page")),
});

const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: paths.profile, replace: true });
  },
});

const profile = createRoute({ getParentRoute: () => settings, path: "profile", component: lazyRouteComponent(() => import("@/features/settings/profile-page")) });

const sessions = createRoute({ getParentRoute: () => settings, path: "sessions", component: lazyRouteComponent(() => import("@/features/settings/sessions-page")) });

const people = createRoute({
  getParentRoute: () => settings,
  path: "people",
  validateSearch: peopleList.validateSearch,
  beforeLoad: only(peopleList.can),
  component: lazyRouteComponent(() => import("@/features/people/people-page")),
});

const teams = createRoute({
  getParentRoute: () => settings,
  path: "teams",
  validateSearch: teamsList.validateSearch,
  beforeLoad: only(teamsList.can),
  component: lazyRouteComponent(() => import("@/features/teams/teams-page")),
});

const security = createRoute({
  getParentRoute: () => settings,
  path: "security",
  validateSearch: signInSecurity.validateSearch,
  beforeLoad: only(signInSecurity.can),
  component: lazyRouteComponent(() => import("@/features/security/security-page")),
});

const organization = createRoute({
  getParentRoute: () => settings,
  path: "organization",
  beforeLoad: only("organization:write"),
  component: lazyRouteComponent(() => import("@/features/settings/organization-page")),
});

const audit = createRoute({
  getParentRoute: () => settings,
  path: "audit",
  validateSearch: auditTrail.validateSearch,
  beforeLoad: only(auditTrail.can),
  component: lazyRouteComponent(() => import("@/features/audit/audit-page")),
});

const retention = createRoute({
  getParentRoute: () => settings,
  path: "retention",
  beforeLoad: only("organization:write"),
  component: lazyRouteComponent(() => import("@/features/retention/retention-page")),
});

export const settingsRoutes = [
  settings.addChildren([settingsIndex, profile, sessions, people, teams, security, organization, audit, retention]),
] as const;
