import { health, providerUnwell } from "../src/testing/health";
import { model, providerTest } from "../src/testing/registry";

import type { State } from "./stage";
import { down, page, PROVIDER, seen, serve } from "./states-registry";

const test = (changes: Parameters<typeof providerTest>[0] = {}): State => ({
  path: PROVIDER,
  serve: serve({ "/api/providers/test": providerTest(changes) }),
  reach: async (view) => {
    await view.getByRole("button", { name: "Test the connection" }).click();
    await seen(changes.ok === false ? "Accept the credential" : /It answers/)(view);
  },
});

const refusedSteps = providerTest().steps.map((step) =>
  step.name === "credential" ? { ...step, state: "failed" as const } : step.name === "models" ? { ...step, state: "skipped" as const } : step,
);

/** Serve: providers, and how they are. */
export const providersStates: Record<string, State> = {
  providers: { path: "/providers", serve: serve(), reach: seen("own-servers") },
  "providers-empty": { path: "/providers", serve: serve({ "/api/providers": page([]) }), reach: seen("Add the first provider") },
  "providers-unwell": { path: "/providers", serve: serve({ "/api/providers/health": health(providerUnwell()) }), reach: seen("openai is degraded") },
  provider: { path: PROVIDER, serve: serve(), reach: seen("upstream_timeout") },
  "provider-unwell": { path: PROVIDER, serve: serve({ "/api/providers/health": health(providerUnwell()) }), reach: seen("it asked for") },
  "provider-health-failing": {
    path: PROVIDER,
    serve: serve({ "/api/providers/health": down }),
    reach: async (view) => {
      await seen("Connection test")(view);
      await view.clock.runFor(10_000);
      await seen("Its health could not be loaded")(view);
    },
  },
  "provider-new": { path: "/providers/new", serve: serve(), reach: seen("Connection test") },
  "provider-works": test(),
  "provider-refused": test({
    ok: false,
    steps: refusedSteps,
    code: "credential_refused",
    problem: "The credential is refused (status 401).",
    advice: "Make a new key at the vendor, and see that it may be used for this API.",
    status: 401,
    models: [],
  }),
  "provider-delete": {
    path: PROVIDER,
    serve: serve({ "/api/models": page([]) }),
    reach: async (view) => {
      await view.getByRole("button", { name: "Delete" }).click();
      await view.getByRole("button", { name: "Delete openai" }).waitFor();
    },
  },
  "provider-used": {
    path: PROVIDER,
    serve: serve({ "/api/models": page([model("assistant-4")]) }),
    reach: async (view) => {
      await view.getByRole("button", { name: "Delete" }).click();
      await view.getByText("Models still use it").waitFor();
    },
  },
};
