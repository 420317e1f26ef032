import { policies, promoted, refused, rolledBack, story, TURN, turns } from "../src/testing/improvement";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const POLICIES = "/api/improvement/policies";
const TURNS = "/api/improvement/turns";

const answers: Answers = {
  ...healthy,
  [POLICIES]: page(policies()),
  [TURNS]: page(turns()),
  [`${TURNS}/${TURN}`]: story(),
  "/api/ai/models": page([{ name: "ticket-classifier" }, { name: "faq-answers" }]),
  "/api/identity/people": page([{ id: "person_01", name: "Ada Moreno" }]),
};

function at(path: string, seen: string, more: Answers = {}): State {
  return { path, serve: (shown) => signedIn(shown, { ...answers, ...more }), reach: (shown) => shown.getByText(seen).first().waitFor() };
}

const turn = (shown: object): Answers => ({ [`${TURNS}/${TURN}`]: shown });

export const improvementStates: Record<string, State> = {
  improvement: at("/improvement", "waits for your approval"),
  "improvement-empty": at("/improvement", "Let a model improve by itself", { [POLICIES]: page([]), [TURNS]: page([]) }),
  "improvement-failing": {
    ...at("/improvement", "", { [POLICIES]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Automatic improvement" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").first().waitFor();
    },
  },
  "improvement-policy-new": {
    ...at("/improvement?create=true", ""),
    reach: async (shown) => {
      await shown.getByLabel("Model", { exact: true }).selectOption("ticket-classifier");
      await shown.getByLabel(/^accuracy falls below so many/).fill("195");
      await shown.getByText("Between 0 and 100.").waitFor();
    },
  },
  "improvement-start": {
    ...at("/improvement", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Start a turn now: ticket-classifier" }).click();
      await shown.getByLabel("Why now").fill("The labels were renamed.");
    },
  },
  "improvement-turn-waits": at(`/improvement/turns/${TURN}`, "Shall it be released?"),
  "improvement-turn-refused": {
    ...at(`/improvement/turns/${TURN}`, "", turn(refused())),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Override the gates" }).click();
      await shown.getByLabel("Why all the same").fill("The label is going away.");
    },
  },
  "improvement-turn-promoted": at(`/improvement/turns/${TURN}`, "answers all calls", turn(promoted())),
  "improvement-turn-rolled-back": at(`/improvement/turns/${TURN}`, "went back to", turn(rolledBack())),
};
