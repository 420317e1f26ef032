import type { Page } from "playwright-core";

import { health } from "../src/testing/health";
import { catalogue, model, models, preview, price, provider, route, routes, usage, version, versions } from "../src/testing/registry";
import { whatIf } from "../src/testing/replay";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

export const page = <Item>(items: Item[]) => ({ items, total: items.length, next: null });
const ROUTE = `/routes/${route().id}`;
export const PROVIDER = `/providers/${provider().id}`;
const MODEL = `/models/${model("assistant-4").id}`;
const kinds = { items: [{ kind: "openai", baseUrl: "https://api.openai.com/v1" }, { kind: "vllm", baseUrl: "http://127.0.0.1:8000/v1" }, { kind: "compatible", baseUrl: null }] };

export const answers: Answers = {
  ...healthy,
  "/api/routes": page(routes()),
  "/api/models": page(models()),
  "/api/providers": page([provider(), provider({ id: "provider_02", name: "own-servers", kind: "vllm", baseUrl: "http://10.0.0.7:8000/v1", hasCredential: false })]),
  "/api/ai/usage": usage("assistant", "assistant-4", "assistant-4-mini"),
  "/api/routes/preview": preview(),
  "/api/routes/what-if": whatIf(),
  "/api/providers/health": health(),
  "/api/providers/kinds": kinds,
  "/api/models/catalogue": catalogue(),
  [`/api${MODEL}`]: model("assistant-4", { price: price({ source: "catalogue 2026-06-01 (disputed)" }) }),
  [`/api${MODEL}/prices`]: page([
    price({ id: "price_02", input: "2", output: "8", source: "given", effectiveFrom: "2026-07-01T00:00:00Z" }),
    price(),
    price({ id: "price_00", input: "5", output: "15", effectiveFrom: "2026-01-01T00:00:00Z" }),
  ]),
  [`/api${ROUTE}`]: route(),
  [`/api${ROUTE}/versions`]: page(versions()),
  [`/api${PROVIDER}`]: provider(),
};

export const down = refusal("The database does not answer; calls are still served.");
export const serve = (changes: Answers = {}) => (view: Page) => signedIn(view, { ...answers, ...changes });

export const seen = (text: string | RegExp) => (view: Page) => view.getByText(text).first().waitFor();

/** Waits until the draft's replay says so. */
const replayed = (text: string) => async (view: Page) => {
  await seen("After saving")(view);
  await view.clock.runFor(1000);
  await seen(text)(view);
};

const nothing = { fact: 1240, estimate: null, low: null, high: null };

/** Changes a weight, and waits until the server has looked at it. */
async function change(view: Page): Promise<void> {
  await view.getByLabel("Weight of assistant-4", { exact: true }).fill("3");
  await view.clock.runFor(1000);
  await view.getByRole("button", { name: "Review changes" }).and(view.locator(":enabled")).waitFor();
}

const asked = async (view: Page) => {
  await change(view);
  await view.getByRole("button", { name: "Review changes" }).click();
  await view.getByRole("button", { name: "Save version 5" }).waitFor();
};

const theirs = route({ version: 5, targets: [{ model: "assistant-4", weight: 9 }, { model: "assistant-4-mini", weight: 1 }], fallbacks: [] });
const conflict = refusal("Someone changed this since you read it; read it again and send its present version.", "version_conflict", 409, {
  version: 5,
  present: theirs,
  changedBy: { id: "person_02", name: "Ben Okafor" },
  changedAt: "2026-06-12T09:58:41Z",
});

/** Serve: routes and models. */
export const registryStates: Record<string, State> = {
  routes: { path: "/routes", serve: serve(), reach: seen("12,400") },
  "routes-empty": { path: "/routes", serve: serve({ "/api/routes": page([]) }), reach: seen("Add the first route") },
  "routes-waiting": { path: "/routes", serve: serve({ "/api/routes": undefined }), reach: (view) => view.getByRole("status", { name: "Loading the routes" }).waitFor() },
  "routes-failing": {
    path: "/routes",
    serve: serve({ "/api/routes": down }),
    reach: async (view) => {
      await view.getByRole("heading", { name: "Routes" }).waitFor();
      await view.clock.runFor(10_000);
      await seen("could not be loaded")(view);
    },
  },
  route: { path: ROUTE, serve: serve(), reach: replayed("Who answers") },
  "route-replay-unknown": {
    path: ROUTE,
    serve: serve({
      "/api/routes/what-if": whatIf({
        basis: { ...whatIf().basis, kind: "organization", route: null, unfit: 12 },
        measures: { ...whatIf().measures, p50Ms: nothing, p95Ms: nothing, ttftP50Ms: nothing, ttftP95Ms: nothing },
        unknown: { times: 1000, outcome: 2, prices: 0 },
      }),
    }),
    reach: replayed("How long any call"),
  },
  "route-replay-nothing": {
    path: ROUTE,
    serve: serve({ "/api/routes/what-if": whatIf({ basis: { kind: "organization", route: null, calls: 0, since: null, until: null, ended: 0, unfit: 0 }, mix: [], notes: [], unknown: { times: 0, outcome: 0, prices: 0 } }) }),
    reach: replayed("No call was recorded yet"),
  },
  "route-replay-waiting": { path: ROUTE, serve: serve({ "/api/routes/what-if": undefined }), reach: replayed("Replaying…") },
  "route-replay-failing": { path: ROUTE, serve: serve({ "/api/routes/what-if": down }), reach: replayed("The calls could not be replayed") },
  "route-waiting": { path: ROUTE, serve: serve({ [`/api${ROUTE}`]: undefined }), reach: (view) => view.getByRole("status", { name: "Loading the route" }).waitFor() },
  "route-gone": {
    path: ROUTE,
    serve: serve({ [`/api${ROUTE}`]: refusal("There is no such route in this organization.", "not_found", 404) }),
    reach: seen("There is no such route"),
  },
  "route-wrong": {
    path: ROUTE,
    serve: serve({ "/api/routes/preview": preview({ problems: [{ code: "name_taken", message: "There is a model 'assistant-4' already.", param: "name" }] }) }),
    reach: async (view) => {
      await view.getByLabel("Weight of assistant-4-mini").fill("0");
      await seen("A weight is more than 0")(view);
      await view.getByLabel("Weight of assistant-4-mini").fill("1");
      await view.getByLabel("Name").fill("assistant-4");
      await view.clock.runFor(1000);
      await seen("There is a model")(view);
    },
  },
  "route-saving": { path: ROUTE, serve: serve(), reach: asked },
  "route-saved": {
    path: ROUTE,
    serve: serve({ [`PUT /api${ROUTE}`]: route({ version: 5 }) }),
    reach: async (view) => {
      await asked(view);
      await view.getByRole("button", { name: "Save version 5" }).click();
      await view.getByRole("button", { name: "Undo" }).waitFor();
    },
  },
  "route-conflict": {
    path: ROUTE,
    serve: serve({ [`PUT /api${ROUTE}`]: conflict }),
    reach: async (view) => {
      await asked(view);
      await view.getByRole("button", { name: "Save version 5" }).click();
      await seen("Ben Okafor changed this route meanwhile")(view);
    },
  },
  "route-delete": {
    path: ROUTE,
    serve: serve(),
    reach: async (view) => {
      await view.getByRole("button", { name: "Delete" }).click();
      await view.getByRole("button", { name: "Delete assistant" }).waitFor();
    },
  },
  "route-new": { path: "/routes/new", serve: serve(), reach: replayed("Give it a name") },
  versions: { path: `${ROUTE}/versions`, serve: serve(), reach: seen("Version 4 (now)".replace(" (now)", "")) },
  "versions-restore": {
    path: `${ROUTE}/versions`,
    serve: serve({ [`/api${ROUTE}/versions`]: page([version(4, { present: true }), version(3), version(1)]) }),
    reach: async (view) => {
      await view.getByRole("button", { name: "Restore version 3" }).click();
      await seen("Restore version 3?")(view);
    },
  },
  models: { path: "/models", serve: serve(), reach: seen("no price") },
  "models-empty": { path: "/models", serve: serve({ "/api/models": page([]) }), reach: seen("Add the first model") },
  model: { path: MODEL, serve: serve(), reach: seen("Two sources") },
  "model-gone": {
    path: MODEL,
    serve: serve({ [`/api${MODEL}`]: refusal("There is no such model in this organization.", "not_found", 404) }),
    reach: seen("There is no such model"),
  },
  "model-traits": {
    path: MODEL,
    serve: serve({ [`/api${MODEL}`]: model("assistant-4", { modalities: ["text", "image"], capabilities: ["chat", "tools", "json_schema"], region: "eu", quality: 0.8 }) }),
    reach: async (view) => {
      await view.getByLabel("Images").scrollIntoViewIfNeeded();
    },
  },
  "model-traits-wrong": {
    path: MODEL,
    serve: serve({ [`/api${MODEL}`]: model("assistant-4", { modalities: ["text"] }) }),
    reach: async (view) => {
      await view.getByLabel("Text", { exact: true }).uncheck();
      await view.getByLabel("Quality").fill("80");
      await view.getByText("A quality is a number from 0 to 1").waitFor();
    },
  },
  "model-price": {
    path: MODEL,
    serve: serve(),
    reach: async (view) => {
      await view.getByRole("button", { name: "Add a price" }).click();
      await seen("Another price of assistant-4")(view);
    },
  },
  "model-new": {
    path: "/models/new",
    serve: serve(),
    reach: async (view) => {
      await view.getByLabel("Model at the provider").fill("assistant");
      await view.getByRole("button", { name: /assistant-4 .*disputed/ }).click();
      await view.getByLabel("Model at the provider").fill("assist");
      await seen("From the catalogue")(view);
    },
  },
};
