import { useRouteContext } from "@tanstack/react-router";

import { Shell } from "./shell";

import { LiveProvider } from "@/api/live";
import { MeProvider } from "@/api/me";

/** Everything behind the sign-in: who is there, one live connection, one shell. */
export function SignedIn() {
  const me = useRouteContext({ from: "/signed-in", select: (context) => context.me });
  return (
    <MeProvider me={me}>
      <LiveProvider>
        <Shell />
      </LiveProvider>
    </MeProvider>
  );
}
