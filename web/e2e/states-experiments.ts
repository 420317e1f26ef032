import type { Page } from "playwright-core";

import { EXPERIMENT, experiment, experimentOfThree, experiments, experimentStanding, plan, results, resultsEarly, resultsFutile, resultsHarmed, resultsOfThree, resultsUneven } from "../src/testing/experiments";
import { me } from "../src/testing/factories";
import { trained } from "../src/testing/versions";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const LIST = "/api/experiments";
const ONE = `${LIST}/${EXPERIMENT}`;

const answers: Answers = {
  ...healthy,
  [LIST]: page(experiments()),
  [`${LIST}/plan`]: plan(),
  [ONE]: experiment(),
  [`${ONE}/results`]: results(),
  "/api/routes": page([{ name: "assistant" }, { name: "assistant-short" }]),
  "/api/models": page([{ name: "venue" }, { name: "small" }]),
  "/api/ai/models": page([trained()]),
};

function at(path: string, seen: string, more: Answers = {}): State {
  return { path, serve: (shown) => signedIn(shown, { ...answers, ...more }), reach: (shown) => shown.getByText(seen).first().waitFor() };
}

const one = (seen: string, more: Answers) => at(`/experiments/${EXPERIMENT}`, seen, more);

const pressed = (button: string, seen: string) => async (shown: Page) => {
  await shown.getByRole("button", { name: button, exact: true }).click();
  await shown.getByText(seen).first().waitFor();
};

/** Goes through the questions up to one. */
async function upTo(shown: Page, steps: number): Promise<void> {
  await shown.getByLabel("Name").fill("A shorter prompt");
  await shown.getByLabel("Calls of").selectOption({ label: "assistant · route" });
  for (let step = 0; step < steps; step++) {
    await shown.getByRole("button", { name: /^Next/ }).click();
    if (step > 0) continue;
    await shown.getByLabel("Answers with").selectOption("prompt");
    await shown.getByLabel("System prompt").fill("Answer in two sentences.");
  }
}

const wizard = (steps: number, seen: string): State => ({
  ...at("/experiments/new", ""),
  reach: async (shown) => {
    await upTo(shown, steps);
    await shown.getByText(seen).first().waitFor();
    if (steps > 0) await shown.getByText("About 9 days", { exact: true }).waitFor();
  },
});

const draft = experiment({ state: "draft", startedAt: null, verdict: null, units: 0 });

/** What was chosen is there again, and what is otherwise is kept. */
async function changing(shown: Page): Promise<void> {
  await shown.getByRole("heading", { name: "Change the draft" }).waitFor();
  if ((await shown.getByLabel("Name").inputValue()) !== draft.name) throw new Error("the draft is not in the form");
  await shown.getByLabel("Name").fill("Shorter still");
  for (let step = 0; step < 5; step++) await shown.getByRole("button", { name: /^Next/ }).click();
  await shown.getByRole("button", { name: "Keep the change" }).waitFor();
}

export const experimentsStates: Record<string, State> = {
  experiments: at("/experiments", "A shorter prompt can be decided"),
  "experiments-empty": at("/experiments", "Find out which is better", { [LIST]: page([]) }),
  "experiments-failing": {
    ...at("/experiments", "", { [LIST]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Experiments" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").waitFor();
    },
  },
  "experiments-forbidden": at("/experiments", "not part of your role", { "/api/identity/me": me({ role: "user", permissions: ["ai:query"] }) }),
  "experiments-new": wizard(0, "What do you want to find out?"),
  "experiments-new-arms": wizard(1, "as it answers today"),
  "experiments-new-measures": wizard(2, "What decides"),
  "experiments-new-duration": wizard(4, "smallest change worth knowing"),
  "experiments-new-review": wizard(5, "Is this what you mean?"),
  "experiments-draft": one("Nothing happens yet", { [ONE]: draft }),
  "experiments-change": { ...at(`/experiments/new?draft=${EXPERIMENT}`, "Change the draft", { [ONE]: draft }), reach: changing },
  "experiments-change-refused": at(`/experiments/new?draft=${EXPERIMENT}`, "what it compares cannot be changed"),
  "experiments-futile": one("It will hardly show a difference", { [`${ONE}/results`]: resultsFutile() }),
  "experiments-standing": one("Release the winner", { [ONE]: experimentStanding(), [`${ONE}/results`]: results({ experiment: experimentStanding() }) }),
  "experiments-winner": one("no chance", {}),
  "experiments-early": one("not enough to tell", { [`${ONE}/results`]: resultsEarly(), [ONE]: experiment({ verdict: null }) }),
  "experiments-harm": one("treatment does harm", { [`${ONE}/results`]: resultsHarmed() }),
  "experiments-uneven": one("cannot be trusted", { [`${ONE}/results`]: resultsUneven() }),
  "experiments-three": at("/experiments/exp_07", "short is better", { [`${LIST}/exp_07`]: experimentOfThree(), [`${LIST}/exp_07/results`]: resultsOfThree() }),
  "experiments-table": { ...one("", {}), reach: pressed("Show as table", "When") },
  "experiments-decided": one("Decided for treatment", { [ONE]: { ...experiments()[4], id: EXPERIMENT } }),
  "experiments-decide": { ...one("", { [`${ONE}/results`]: resultsEarly() }), reach: pressed("Decide", "The figures do not say so") },
  "experiments-stop": { ...one("", {}), reach: pressed("Stop", "What was measured stays") },
  "experiments-gone": at("/experiments/exp_99", "could not be loaded", { [`${LIST}/exp_99`]: refusal("There is no such experiment.", "not_found", 404) }),
};
