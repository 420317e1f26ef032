import type { Page } from "playwright-core";

import { gradual, harmed, preview, promoted, RELEASE, release, releases, shadowed, waiting } from "../src/testing/releases";
import { refused, trained, version } from "../src/testing/versions";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const LIST = "/api/releases";
const ONE = `${LIST}/${RELEASE}`;
const VERSION = "/api/ai/models/ticket-classifier/versions/1.3.0";

const answers: Answers = {
  ...healthy,
  [LIST]: page(releases()),
  [`${LIST}/preview`]: preview(),
  [ONE]: release(),
  "/api/ai/models": page([trained()]),
  [VERSION]: version(),
};

function at(path: string, seen: string, more: Answers = {}): State {
  return { path, serve: (shown) => signedIn(shown, { ...answers, ...more }), reach: (shown) => shown.getByText(seen).first().waitFor() };
}

const one = (seen: string, more: Answers = {}) => at(`/releases/${RELEASE}`, seen, more);

const pressed = (button: string | RegExp, seen: string) => async (shown: Page) => {
  await shown.getByRole("button", { name: button }).first().click();
  await shown.getByText(seen).first().waitFor();
};

const NEW = "/releases/new?name=ticket-classifier&version=1.3.0";

export const releasesStates: Record<string, State> = {
  releases: at("/releases", "2 releases are on their way"),
  "releases-empty": at("/releases", "Bring a version to everybody", { [LIST]: page([]) }),
  "releases-failing": {
    ...at("/releases", "", { [LIST]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Releases" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").waitFor();
    },
  },
  "releases-new": at(NEW, "put in force by itself"),
  "releases-new-steps": {
    ...at(NEW, "", { [`${LIST}/preview`]: preview({ plan: gradual() }) }),
    reach: async (shown) => {
      await shown.getByText("put in force by itself").waitFor();
      await shown.getByLabel("Strategy").selectOption("gradual");
      await shown.getByText("Steps and guardrails").click();
      await shown.getByLabel("Share of step 2").fill("20");
    },
  },
  "releases-new-override": at(NEW, "It did not pass its gates", { [VERSION]: refused(), [`${LIST}/preview`]: preview({ warnings: ["There was no call in the last week: the people that a step waits for may never come."], unitsPerDay: null, expectedSeconds: null }) }),
  "releases-new-proven": at(`${NEW}&experiment=exp_07`, "It won its experiment", { [`${LIST}/preview`]: preview({ plan: gradual({ steps: [], guardrails: [] }), words: ["1.3.0 takes the place of 1.2.0 at once."], seconds: 0, expectedSeconds: 0 }) }),
  "releases-kept": one("all of the traffic", { [ONE]: { ...promoted(), strategy: "blue_green", keptUntil: "2026-06-12T10:06:41Z", experiment: { id: "exp_07", name: "tickets 1.3.0" } } }),
  "releases-rolling": one("Step 2 of 3"),
  "releases-waiting": one("once somebody approves", { [ONE]: waiting() }),
  "releases-rolled-back": one("is back with 1.2.0", { [ONE]: harmed() }),
  "releases-shadow": one("copies of calls", { [ONE]: shadowed() }),
  "releases-succeeded": one("all of the traffic", { [ONE]: promoted() }),
  "releases-rollback": { ...one(""), reach: pressed("Roll back to 1.2.0", "gets no call any more") },
  "releases-approve": { ...one("", { [ONE]: waiting() }), reach: pressed("Approve", "Guardrails still watch it") },
  "releases-gone": at("/releases/rel_99", "could not be loaded", { [`${LIST}/rel_99`]: refusal("There is no such release.", "not_found", 404) }),
};
