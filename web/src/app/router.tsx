import type { QueryClient } from "@tanstack/react-query";
import { createRouter, type AnyRouter } from "@tanstack/react-router";

import { NotFoundPage, PageFailure } from "./error-page";
import { Opening } from "./opening";
import { alertsRoutes } from "./routes/alerts";
import { batchesRoutes } from "./routes/batches";
import { costsRoutes } from "./routes/costs";
import { datasetsRoutes } from "./routes/datasets";
import { experimentsRoutes } from "./routes/experiments";
import { feedbackRoutes } from "./routes/feedback";
import { improvementRoutes } from "./routes/improvement";
import { keysRoutes } from "./routes/keys";
import { learnedRoutes } from "./routes/learned";
import { limitsRoutes } from "./routes/limits";
import { monitorsRoutes } from "./routes/monitors";
import { openRoutes } from "./routes/open";
import { operationsRoutes } from "./routes/operations";
import { overviewRoutes } from "./routes/overview";
import { playgroundRoutes } from "./routes/playground";
import { registryRoutes } from "./routes/registry";
import { releasesRoutes } from "./routes/releases";
import { root, signedIn } from "./routes/root";
import { settingsRoutes } from "./routes/settings";
import { trainingRoutes } from "./routes/training";
import { versionsRoutes } from "./routes/versions";

import { meQuery } from "@/api/me";
import { session } from "@/api/session";

/** Every address of the dashboard; the routes of a feature are in a file of their own. */
const routeTree = root.addChildren([
  ...openRoutes,
  signedIn.addChildren([
    ...overviewRoutes,
    ...playgroundRoutes,
    ...registryRoutes,
    ...keysRoutes,
    ...batchesRoutes,
    ...limitsRoutes,
    ...learnedRoutes,
    ...operationsRoutes,
    ...costsRoutes,
    ...datasetsRoutes,
    ...trainingRoutes,
    ...versionsRoutes,
    ...experimentsRoutes,
    ...releasesRoutes,
    ...feedbackRoutes,
    ...improvementRoutes,
    ...monitorsRoutes,
    ...alertsRoutes,
    ...settingsRoutes,
  ]),
]);

export function createAppRouter(queries: QueryClient) {
  const router = createRouter({
    routeTree,
    context: { queries },
    defaultPendingComponent: Opening,
    defaultErrorComponent: PageFailure,
    defaultNotFoundComponent: NotFoundPage,
    defaultPreload: "intent",
    // Query decides what is fresh.
    defaultPreloadStaleTime: 0,
    notFoundMode: "root",
    scrollRestoration: true,
  });
  // Everything that the first page needs is fetched at once; the router would ask for one after the other.
  if (session.open()) queries.query(meQuery).catch(() => undefined);
  fetchCode(router);
  return router;
}

function fetchCode(router: AnyRouter): void {
  const [routes] = router.getMatchedRoutes(router.latestLocation.pathname);
  // A failure is met, and told, when the page is opened.
  for (const route of routes) router.loadRouteChunk(route)?.catch(() => undefined);
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
