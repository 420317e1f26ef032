import { useRouteContext } from "@tanstack/react-router";

import { Shell } from "./shell";

import { LiveProvider } from "@/api/live";
import { session } from "@/api/session";


/** Everything behind the sign-in: one live connection, one shell. */
export function SignedIn() {
  const me = useRouteContext({ from: "/signed-in", select: (context) => context.me });
  return (
    <LiveProvider apiKey={session.key() ?? ""}>
      <Shell me={me} />
    </LiveProvider>
  );
}
