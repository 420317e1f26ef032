import { me } from "../src/testing/factories";
import { fit, outcomes, routingModel, routingModels } from "../src/testing/learned";
import { models, preview, route, routes } from "../src/testing/registry";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const PATH = "/learned-routing";
const thrifty = route({ policy: "intelligent", factors: { quality: 0.62, cost: 0.38, performance: 0 } });

const answers: Answers = {
  ...healthy,
  "/api/routes": page(routes()),
  "/api/models": page(models()),
  "/api/routes/preview": preview(),
  [`/api/routes/${thrifty.id}`]: thrifty,
  "/api/routing": { active: routingModel(), fit: fit() },
  "/api/routing/models": page(routingModels()),
  "/api/routing/outcomes": outcomes(),
};

function at(seen: string, more: Answers = {}, path = PATH): State {
  return {
    path,
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

const press = (name: string, seen: string, more: Answers = {}): State => ({
  ...at("", more),
  reach: async (shown) => {
    await shown.getByRole("button", { name }).click();
    await shown.getByText(seen).waitFor();
  },
});

const few = {
  code: "INSUFFICIENT_DATA",
  message: "There are outcomes of 20 prompts, and 0 models with at least 100: too few to learn from.",
  details: { suggestions: ["Tell the outcomes of 180 more prompts: hone routing outcomes FILE.", "Let two models at least answer the same 100 prompts or more, and tell how good each answer was; 2 of your models have fewer."] },
};
const missing = { code: "trainer_missing", message: "The trainer is not installed: run `scripts/setup trainer` in the checkout, or set HONE_TRAINER__PYTHON to the Python that has hone_trainer.", details: null };
const nothing: Answers = {
  "/api/routing": { active: null, fit: null },
  "/api/routing/models": page([]),
  "/api/routing/outcomes": outcomes({ prompts: 0, models: [] }),
};
const failing = (problem: object): Answers => ({ "/api/routing": { active: routingModel(), fit: fit({ state: "failed", problem: problem as never, routingModel: null }) } });

export const learnedStates: Record<string, State> = {
  learned: at("Version 3 is in force"),
  "learned-empty": at("Teach routes which model is good enough", nothing),
  "learned-candidate": at("Nothing is in force", { "/api/routing": { active: null, fit: fit() }, "/api/routing/models": page(routingModels().slice(0, 1)) }),
  "learned-running": at("Learning from what was told", { "/api/routing": { active: routingModel(), fit: fit({ state: "running", stage: "learning", progress: 0.55, finishedAt: null, routingModel: null }) } }),
  "learned-few": at("There is too little to learn from", failing(few)),
  "learned-failed": at("The last fit failed", failing(missing)),
  "learned-waiting": {
    ...at("", { "/api/routing": undefined }),
    reach: (shown) => shown.getByRole("status", { name: "Loading what was learned" }).waitFor(),
  },
  "learned-failing": {
    ...at("", { "/api/routing": refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Learned routing" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").waitFor();
    },
  },
  "learned-forbidden": at("not part of your role", { "/api/identity/me": me({ role: "user", permissions: ["ai:query"] }) }),
  "learned-activate": press("Activate version 4", "Put version 4 in force?"),
  "learned-activate-refused": {
    ...at("", { "POST /api/routing/models/rm_04/activate": refusal("This file is not what was stored: its checksum differs.", "blob_damaged", 500) }),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Activate version 4" }).click();
      await shown.getByRole("button", { name: "Activate version 4", exact: true }).last().click();
      await shown.getByText("Nothing was changed").waitFor();
    },
  },
  "learned-undo": press("Back to version 2", "Go back to version 2?"),
  "learned-retire": press("Retire", "Retire version 3?"),
  "route-intelligent": at("routing model version 3", {}, `/routes/${thrifty.id}`),
};
