import { me } from "../src/testing/factories";
import { held, judgement, judgements, silent, summary, trends } from "../src/testing/feedback";
import { trainingExample } from "../src/testing/knowledge";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const LIST = "/api/ai/feedback";

const answers: Answers = { ...healthy, [LIST]: page(judgements()), [`${LIST}/summary`]: summary(), [`${LIST}/trends`]: trends(), "/api/ai/training-data": page([trainingExample()]) };
const empty: Answers = { [LIST]: page([]), [`${LIST}/summary`]: silent() };

function at(path: string, seen: string, more: Answers = {}): State {
  return {
    path,
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

const review = at("/feedback?state=held", "Spam", { [LIST]: page(held()) });

export const feedbackStates: Record<string, State> = {
  feedback: at("/feedback", "Technical Issue"),
  "feedback-as-table": {
    ...at("/feedback", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Show as table" }).click();
      await shown.getByText("95 % interval").waitFor();
    },
  },
  "feedback-empty": at("/feedback", "Say of one answer whether it was right", empty),
  "feedback-nothing-found": at("/feedback?verdict=neutral", "Nobody said anything like that", { [LIST]: page([]) }),
  "feedback-waiting": {
    ...at("/feedback", "", { [LIST]: undefined, [`${LIST}/summary`]: undefined }),
    reach: (shown) => shown.getByRole("status", { name: "Loading the figures" }).waitFor(),
  },
  "feedback-failing": {
    ...at("/feedback", "", { [`${LIST}/summary`]: refusal("The database does not answer; calls are still served."), [LIST]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Feedback" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").waitFor();
    },
  },
  "feedback-forbidden": at("/feedback", "not part of your role", { "/api/identity/me": me({ role: "user", permissions: ["ai:query"] }) }),
  "feedback-panel": at(`/feedback?open=${judgement().id}`, "in version 3, 2"),
  "feedback-panel-held": at(`/feedback?state=held&open=${held()[0]?.id ?? ""}`, "out of line with what is known", { [LIST]: page(held()) }),
  "feedback-held": review,
  "feedback-review": {
    ...review,
    reach: async (shown) => {
      await shown.getByText("Spam").first().waitFor();
      await shown.getByRole("checkbox", { name: "Select all loaded rows" }).press("Space");
      await shown.getByRole("button", { name: "Reject all of user-666" }).click();
      await shown.getByText("is held, too").waitFor();
    },
  },
};
