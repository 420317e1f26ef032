import { me } from "../src/testing/factories";
import { summary } from "../src/testing/releases";
import { compared, history, models, predictor, refused, served, trained, version } from "../src/testing/versions";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const MODELS = "/api/ai/models";
const TICKETS = `${MODELS}/ticket-classifier`;

const answers: Answers = {
  ...healthy,
  [MODELS]: page(models()),
  [TICKETS]: trained(),
  [`${TICKETS}/history`]: page(history()),
  [`${TICKETS}/versions/1.3.0`]: version(),
  [`${TICKETS}/versions/1.2.0`]: version({ id: "mv_03", version: "1.2.0", state: "live", liveIn: ["production"] }),
  [`${MODELS}/compare`]: compared(),
  "/api/ai/predictor": predictor(),
  "/api/releases": page([]),
};

function at(path: string, seen: string, more: Answers = {}): State {
  return { path, serve: (shown) => signedIn(shown, { ...answers, ...more }), reach: (shown) => shown.getByText(seen).first().waitFor() };
}

const classified = { id: "op_01", model: "ticket-classifier", version: "1.2.0", results: [{ label: "refund", confidence: 0.94, inScope: true, labels: [{ label: "refund", confidence: 0.94 }, { label: "cancellation", confidence: 0.04 }, { label: "deposit", confidence: 0.01 }] }] };

/** The gateway's own paths are none of the stage's. */
const answering = (state: State): State => ({
  ...state,
  serve: async (shown) => {
    await state.serve(shown);
    await shown.route(/\/v1\/classify/, (route) => route.fulfill({ status: 200, json: classified }));
  },
  reach: async (shown) => {
    await shown.getByRole("button", { name: "Classify" }).click();
    await shown.getByText("By version 1.2.0").waitFor();
  },
});

const promote = async (shown: Parameters<State["reach"]>[0]) => {
  await shown.getByRole("button", { name: "Promote 1.3.0" }).first().click();
  await shown.getByText("One press goes back to").waitFor();
};

export const versionsStates: Record<string, State> = {
  versions: at("/versions", "2 of 3 models are in force"),
  "versions-empty": at("/versions", "A version comes of each training", { [MODELS]: page([]) }),
  "versions-waiting": { ...at("/versions", "", { [MODELS]: undefined }), reach: (shown) => shown.getByRole("status", { name: "Loading the trained models" }).waitFor() },
  "versions-forbidden": at("/versions", "not part of your role", { "/api/identity/me": me({ role: "user", permissions: ["ai:query"] }) }),
  "versions-model": at("/versions/ticket-classifier", "Better on refunds"),
  "versions-model-tried": answering(at("/versions/ticket-classifier", "")),
  "versions-model-then": at("/versions/ticket-classifier?at=2026-06-01T10:00:00Z", "1.1.0 was live then", { [`${TICKETS}/history`]: { ...page(history()), at: "2026-06-01T10:00:00Z", name: "ticket-classifier", live: { production: "1.1.0", staging: null, abTest: null }, because: [history()[1]] } }),
  "versions-model-not-loaded": at("/versions/ticket-classifier", "1.2.0 cannot be loaded", { "/api/ai/predictor": predictor({ status: "degraded", models: [served({ loaded: "1.1.0", state: "failed", why: "head.safetensors is not what the manifest says." })] }) }),
  "versions-model-undone": at("/versions/ticket-classifier", "its release went back", { "/api/releases": page([summary({ version: "1.3.0", state: "rolled_back", share: null, words: "Failed calls rose by 4.1 points, more than the 2 that are borne." })]) }),
  "versions-model-gone": at("/versions/nobody", "could not be loaded", { [`${MODELS}/nobody`]: refusal("There is no such trained model.", "not_found", 404) }),
  "versions-promote": { ...at("/versions/ticket-classifier", ""), reach: promote },
  "versions-promote-override": {
    ...at("/versions/ticket-classifier/1.3.0", "", { [`${TICKETS}/versions/1.3.0`]: refused() }),
    reach: async (shown) => {
      await promote(shown);
      await shown.getByLabel("Why all the same").fill("because");
      await shown.getByText("10 characters or more").waitFor();
    },
  },
  "versions-rollback": {
    ...at("/versions/ticket-classifier", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Roll back" }).click();
      await shown.getByText("1.1.0 answers again").waitFor();
    },
  },
  "versions-version": at("/versions/ticket-classifier/1.3.0", "more than chance explains"),
  "versions-version-refused": at("/versions/ticket-classifier/1.3.0", "which may be chance", { [`${TICKETS}/versions/1.3.0`]: refused() }),
  "versions-version-first": at("/versions/ticket-classifier/1.3.0", "no live version to compare", { [`${TICKETS}/versions/1.3.0`]: version({ comparison: null, gate: { ...version().gate, comparedWith: null } }) }),
  "versions-version-deprecated": at("/versions/ticket-classifier/1.3.0", "cannot be promoted any more", { [`${TICKETS}/versions/1.3.0`]: version({ state: "deprecated", deprecation: { at: "2026-06-10T10:00:00Z", by: "ada@rosewood.example", reason: "Its labels were wrong." } }) }),
  "versions-deprecate": {
    ...at("/versions/ticket-classifier/1.3.0", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Deprecate" }).click();
      await shown.getByText("Nobody can promote it").waitFor();
    },
  },
  "versions-compare": at("/versions/ticket-classifier/compare?a=1.2.0&b=1.3.0", "measured on data of its own"),
};
