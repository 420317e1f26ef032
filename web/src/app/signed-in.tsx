import { useRouteContext, useRouter } from "@tanstack/react-router";
import { useCallback } from "react";

import { Shell } from "./shell";

import { LiveProvider } from "@/api/live";
import { MeProvider } from "@/api/me";

/** Everything behind the sign-in: who is there, one live connection, one shell. */
export function SignedIn() {
  const me = useRouteContext({ from: "/signed-in", select: (context) => context.me });
  const router = useRouter();
  const judgeAnew = useCallback(() => void router.invalidate(), [router]);
  return (
    <MeProvider me={me} onChange={judgeAnew}>
      <LiveProvider>
        <Shell />
      </LiveProvider>
    </MeProvider>
  );
}
