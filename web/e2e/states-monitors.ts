import { monitor, MONITOR, monitors, points, rule, statistics } from "../src/testing/watch";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";
import { watched } from "./states-alerts";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const LIST = "/api/monitors";
const course = { items: points(), rule: monitor().rule };

const answers: Answers = {
  ...healthy,
  ...watched,
  [LIST]: page(monitors()),
  "/api/ai/statistics": statistics(),
  ...Object.fromEntries<unknown>(monitors().map((each) => [`${LIST}/${each.id}`, each])),
  ...Object.fromEntries<unknown>(monitors().map(({ id }) => [`${LIST}/${id}/points`, course])),
  [`${LIST}/error-patterns`]: {
    items: [
      { name: "Prompt too long: The context of <number> tokens is too long…", code: "context_length_exceeded", template: "The context of <number> tokens is too long for <model>", models: ["assistant-4"], seen: 12, firstAt: "2026-06-12T07:10:02Z", lastAt: "2026-06-12T09:58:41Z", examples: ["op_01k9f3m07499963qx7r2", "op_01k9f3m07499926qx7r2"] },
      { name: "Rate limit: The provider <host> asks to wait <number> s", code: "rate_limited", template: "The provider <host> asks to wait <number> s", models: ["assistant-4", "assistant-4-mini"], seen: 2204, firstAt: "2026-05-20T07:10:02Z", lastAt: "2026-06-12T09:59:41Z", examples: [] },
    ],
  },
  "/api/ai/models": page([{ name: "ticket-classifier" }]),
  "/api/models": page([{ name: "assistant-4" }]),
  "/api/routes": page([{ name: "assistant" }]),
};

function at(path: string, seen: string, more: Answers = {}): State {
  return { path, serve: (shown) => signedIn(shown, { ...answers, ...more }), reach: (shown) => shown.getByText(seen).first().waitFor() };
}

export const monitorsStates: Record<string, State> = {
  monitors: at("/monitors", "of the budget left"),
  "monitors-none": at("/monitors", "Watch what matters to you", { [LIST]: page(monitors().filter(({ kind }) => kind === "objective")) }),
  "monitors-failing": {
    ...at("/monitors", "", { [LIST]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Monitors" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").first().waitFor();
    },
  },
  "monitor-new": {
    ...at("/monitors?create=true", ""),
    reach: async (shown) => {
      await shown.getByLabel("Of", { exact: true }).selectOption("model:ticket-classifier");
      await shown.getByLabel("Rings below").fill("195");
      await shown.getByText("Between 0 and 100.").waitFor();
    },
  },
  monitor: at(`/monitors/${MONITOR}`, "by more than chance"),
  "monitor-budget": at("/monitors/mon_03", "What may still go wrong"),
  "monitor-cursor": {
    ...at(`/monitors/${MONITOR}`, ""),
    reach: async (shown) => {
      await shown.getByRole("slider").focus();
      for (let step = 0; step < 12; step++) await shown.keyboard.press("ArrowLeft");
    },
  },
  "monitor-table": {
    ...at(`/monitors/${MONITOR}`, ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Show as table" }).click();
      await shown.getByRole("region", { name: /Figures of/ }).waitFor();
    },
  },
  "monitor-no-data": at("/monitors/mon_05", "Nothing was measured in that time", { [`${LIST}/mon_05/points`]: { items: [], rule: rule() } }),
  "monitor-patterns": at("/monitors/mon_07", "The context of", { [`${LIST}/mon_07/points`]: { items: [], rule: rule() } }),
};
