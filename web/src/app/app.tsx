import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { forgetRecent } from "./command/recent";
import { createAppRouter } from "./router";
import { useKeptFocus } from "./use-kept-focus";

import { createQueryClient } from "@/api/query-client";
import { session } from "@/api/session";
import { Toasts } from "@/components/toast/toasts";

/** The dashboard: its data, its pages, and the way out when a session ends. */
export function App() {
  const [queries] = useState(createQueryClient);
  const [router] = useState(() => createAppRouter(queries));
  useKeptFocus();

  useEffect(
    () =>
      session.watch((elsewhere) => {
        // Another tab may have signed in as somebody else.
        if (elsewhere || !session.open()) queries.clear();
        if (!session.open()) forgetRecent();
        void router.invalidate();
      }),
    [queries, router],
  );

  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  );
}
