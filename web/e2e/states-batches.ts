import { batch, batches, working, wrong } from "../src/testing/batches";
import { me } from "../src/testing/factories";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const LIST = "/api/batches";

const answers: Answers = { ...healthy, [LIST]: page(batches()) };

function at(path: string, seen: string, more: Answers = {}): State {
  return {
    path,
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

export const batchesStates: Record<string, State> = {
  batches: at("/batches", "2 batches are at work"),
  "batches-quiet": at("/batches", "No batch is at work", { [LIST]: page(batches().slice(2)) }),
  "batches-empty": at("/batches", "Run the first batch", { [LIST]: page([]) }),
  "batches-nothing-found": at("/batches?status=expired", "No batch is in that state", { [LIST]: page([]) }),
  "batches-waiting": {
    ...at("/batches", "", { [LIST]: undefined }),
    reach: (shown) => shown.getByRole("status", { name: "Loading the batches" }).waitFor(),
  },
  "batches-failing": {
    ...at("/batches", "", { [LIST]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Batches" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").waitFor();
    },
  },
  "batches-forbidden": at("/batches", "not part of your role", { "/api/identity/me": me({ role: "user", permissions: ["ai:query"] }) }),
  "batches-panel": at(`/batches?batch=${batch().id}`, "its calls in the log"),
  "batches-panel-working": at(`/batches?batch=${working().id}`, "Ends at the latest"),
  "batches-panel-wrong": at(`/batches?batch=${wrong().id}`, "What is wrong"),
  "batches-cancel": {
    ...at(`/batches?batch=${working().id}`, ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Stop the batch" }).click();
      await shown.getByText("No further line is asked").waitFor();
    },
  },
};
