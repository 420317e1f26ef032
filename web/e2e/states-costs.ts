import { byFeature, costReport, nothing } from "../src/testing/costs";
import { limit } from "../src/testing/limits";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const COSTS = "/api/costs";
const page = (items: object[]) => ({ items, total: items.length, next: null });
const facet = (...values: string[]) => values.map((value) => ({ value, label: null, requests: 1200 }));

const answers: Answers = {
  ...healthy,
  [COSTS]: costReport(),
  "/api/limits": page([
    limit({ window: "day", amount: "80", use: { used: "61.2" } }),
    limit({ id: "limit_02", subject: { kind: "model", id: "model_01", name: "assistant-4" }, amount: "1500", use: { used: "912.4" } }),
  ]),
  "/api/ai/operations/facets": { model: facet("assistant-4", "sonata-3"), route: facet("assistant"), status: facet("success", "error"), kind: facet("chat"), errorCode: [], key: [] },
};

function at(path: string, seen: string, more: Answers = {}): State {
  return {
    path,
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

export const costsStates: Record<string, State> = {
  costs: at("/costs", "Costs rose by"),
  "costs-table": {
    ...at("/costs", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Show as table" }).click();
      await shown.getByRole("region", { name: "Figures of the picture" }).waitFor();
    },
  },
  "costs-cursor": {
    ...at("/costs", ""),
    reach: async (shown) => {
      const slider = shown.getByRole("slider");
      await slider.focus();
      for (let step = 0; step < 8; step++) await shown.keyboard.press("ArrowLeft");
    },
  },
  "costs-by-feature": at("/costs?by=metadata.feature&last=30d", "No feature", { [COSTS]: byFeature() }),
  "costs-filtered": at("/costs?model=assistant-4&last=7d", "Clear filters"),
  "costs-export": {
    ...at("/costs", ""),
    reach: async (shown) => {
      await shown.getByText("Costs rose by").first().waitFor();
      await shown.getByRole("button", { name: "Export" }).click();
      await shown.getByText("none is left out").waitFor();
    },
  },
  "costs-empty": at("/costs", "Costs begin with the first call", { [COSTS]: nothing() }),
  "costs-nothing-found": at("/costs?user=user-42", "Nothing was called that matches", { [COSTS]: nothing() }),
  "costs-too-broad": {
    ...at("/costs?by=user", "", { [COSTS]: refusal("Adding these costs up takes too long; take a shorter time, or add up by model, route, key or team.", "costs_too_broad", 422) }),
    reach: (shown) => shown.getByText("could not be added up").waitFor(),
  },
  "costs-waiting": {
    ...at("/costs", "", { [COSTS]: undefined }),
    reach: (shown) => shown.getByRole("status", { name: "Loading the costs" }).waitFor(),
  },
};
