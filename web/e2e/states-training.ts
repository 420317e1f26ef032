import type { Page } from "playwright-core";

import { me } from "../src/testing/factories";
import { cancelled, datasets, engines, estimated, events, failed, log, metrics, paused, resources, run, RUN, runs, schedule, searching, trackers, trials, tuned, tuningJobs, waiting, working } from "../src/testing/training";
import { trained, version } from "../src/testing/versions";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[]) => ({ items, total: items.length, next: null });
const RUNS = "/api/training/runs";
const TUNING = "/api/training/tuning-jobs";

const answers: Answers = {
  ...healthy,
  [RUNS]: page(runs()),
  "/api/training/resources": resources(),
  "/api/training/engines": { items: engines() },
  "/api/training/estimate": estimated(),
  [TUNING]: page(tuningJobs()),
  [`${RUNS}/trun_09/trials`]: trials(),
  "/api/training/schedules": page([schedule(), schedule({ id: "sched_02", name: "dates, weekly", cron: "0 3 * * 1", window: null, minNewExamples: 0, enabled: false, nextAt: null, lastAt: null, lastRun: null, lastOutcome: null })]),
  "/api/datasets": page(datasets()),
  "/api/datasets/ticket-classifier/versions": page([{ id: "dv_03", version: 3, note: "after the review", examples: 4218, createdAt: "2026-06-11T10:00:41Z" }]),
  "/api/ai/models": page([trained()]),
  "/api/ai/models/ticket-classifier/versions/mv_04": version(),
  [`${RUNS}/${RUN}`]: run(),
  ...Object.fromEntries([working(), waiting(), failed(), paused(), cancelled(), searching()].map((each) => [`${RUNS}/${each.id}`, each])),
};

/** What a run tells of itself is under its own address. */
function toldBy(id: string): Answers {
  return { [`${RUNS}/${id}/metrics`]: { items: metrics(), next: null }, [`${RUNS}/${id}/events`]: { items: events() }, [`${RUNS}/${id}/trackers`]: { items: [] } };
}

const told: Answers = Object.assign({}, ...[RUN, "trun_02", "trun_03", "trun_04", "trun_05", "trun_06", "trun_07", "trun_09"].map(toldBy)) as Answers;

/** The log is text, and no JSON. */
async function withLog(shown: Page, more: Answers): Promise<void> {
  await signedIn(shown, { ...answers, ...told, ...more });
  await shown.route(/\/log\?/, (route) => route.fulfill({ status: 200, contentType: "text/plain", body: route.request().url().endsWith("after=0") ? log() : "", headers: { "x-log-next": String(log().length) } }));
}

function at(path: string, seen: string, more: Answers = {}): State {
  return { path, serve: (shown) => withLog(shown, more), reach: (shown) => shown.getByText(seen).first().waitFor() };
}

const NEW = "/training/new?dataset=ticket-classifier";

export const trainingStates: Record<string, State> = {
  training: at("/training", "intent-encoder trains"),
  "training-quiet": at("/training", "Nothing trains", { [RUNS]: page([run(), failed()]) }),
  "training-empty": at("/training", "Train the first model", { [RUNS]: page([]) }),
  "training-nothing-found": at("/training?state=paused&model=x", "No run matches", { [RUNS]: page([]) }),
  "training-selected": {
    ...at("/training", ""),
    reach: async (shown) => {
      await shown.getByText("intent-encoder trains").waitFor();
      await shown.getByText("Succeeded").first().waitFor();
      for (const key of ["j", "j", "x", "j", "x"]) await shown.keyboard.press(key);
      await shown.getByText("Compare 2 runs").waitFor();
    },
  },
  "training-waiting": { ...at("/training", "", { [RUNS]: undefined }), reach: (shown) => shown.getByRole("status", { name: "Loading the training runs" }).waitFor() },
  "training-failing": {
    ...at("/training", "", { [RUNS]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Training" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("could not be loaded").waitFor();
    },
  },
  "training-forbidden": at("/training", "not part of your role", { "/api/identity/me": me({ role: "user", permissions: ["ai:query"] }) }),
  "training-run": at("/training/trun_02", "epoch 7 of 20"),
  "training-run-cursor": {
    ...at("/training/trun_02", ""),
    reach: async (shown) => {
      await shown.getByRole("slider").focus();
      for (let step = 0; step < 8; step++) await shown.keyboard.press("ArrowLeft");
    },
  },
  "training-run-table": {
    ...at("/training/trun_02", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Show as table" }).click();
      await shown.getByRole("region", { name: "Figures of the curves" }).waitFor();
    },
  },
  "training-run-result": at(`/training/${RUN}`, "Taken for each other"),
  "training-run-in-one-go": at(`/training/${RUN}`, "learns in one go", { [`${RUNS}/${RUN}/metrics`]: { items: metrics(1), next: null } }),
  "training-run-search": at("/training/trun_09", "the best is trial 6", { [`${RUNS}/trun_09`]: searching({ state: "running", progress: 0.6, endedAt: null, version: null, figures: {} }), [`${RUNS}/trun_09/metrics`]: { items: metrics(1), next: null }, [`${RUNS}/trun_09/trackers`]: { items: trackers() } }),
  "training-run-search-look": {
    ...at("/training/trun_09", ""),
    reach: async (shown) => {
      await shown.getByText("the best is trial 6").waitFor();
      await shown.getByRole("region", { name: "Trials, the best first" }).getByText(/^83\.2/).hover();
    },
  },
  "training-run-search-beginning": at("/training/trun_09", "none is complete yet", { [`${RUNS}/trun_09`]: searching({ state: "running", progress: 0.02, endedAt: null, version: null, figures: {} }), [`${RUNS}/trun_09/trials`]: trials({ items: trials().items.slice(-1), best: null }), [`${RUNS}/trun_09/metrics`]: { items: [], next: null } }),
  "training-run-search-failing": {
    ...at("/training/trun_09", "", { [`${RUNS}/trun_09/trials`]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "What was tried" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("The trials could not be loaded").waitFor();
    },
  },
  "training-tuning": at("/training/tuning", "2 jobs under way"),
  "training-tuning-quiet": at("/training/tuning", "The last one is called as", { [TUNING]: page([tuned()]) }),
  "training-tuning-empty": at("/training/tuning", "Tune as with OpenAI", { [TUNING]: page([]) }),
  "training-tuning-failing": {
    ...at("/training/tuning", "", { [TUNING]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: "Training" }).waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText("The tuning jobs could not be loaded").waitFor();
    },
  },
  "training-new-search": {
    ...at(NEW, ""),
    reach: async (shown) => {
      await shown.getByText("Search", { exact: true }).click();
      await shown.getByLabel("Trials").fill("20");
      await shown.getByLabel("Tell me by e-mail").check();
    },
  },
  "training-run-failed": at("/training/trun_04", "Review the 44 examples"),
  "training-run-queued": at("/training/trun_03", "1 run is before it"),
  "training-run-paused": at("/training/trun_05", "Paused at"),
  "training-run-cancel": {
    ...at("/training/trun_02", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Cancel" }).click();
      await shown.getByText("no version comes of it").waitFor();
    },
  },
  "training-run-gone": at("/training/trun_99", "could not be loaded", { [`${RUNS}/trun_99`]: refusal("There is no such training run.", "not_found", 404) }),
  "training-new": at(NEW, "at once"),
  "training-new-problems": at(NEW, "This keeps it from being trained", { "/api/training/estimate": estimated({ problems: ["The label “parking” has 1 example; 2 are needed.", "12 examples would be left out: their label is empty."], whyWaiting: "It needs 2 cores; 1 of 2 is taken by intent-encoder." }) }),
  "training-new-parameters": {
    ...at(NEW, ""),
    reach: async (shown) => {
      await shown.getByText("Parameters", { exact: true }).click();
      await shown.getByLabel("Epochs").fill("0.5");
      await shown.getByText("A whole number.").waitFor();
      await shown.getByText("Limits and machine").click();
    },
  },
  "training-new-not-installed": {
    ...at(NEW, ""),
    reach: async (shown) => {
      await shown.getByText("at once").waitFor();
      await shown.getByLabel("Task").selectOption("sft");
      await shown.getByText("Not installed here").waitFor();
    },
  },
  "training-new-refused": {
    ...at(NEW, "", { [`POST ${RUNS}`]: refusal("There are 31 examples to learn from; 50 are needed.", "INSUFFICIENT_DATA", 422, { required: 50, available: 31, suggestions: ["Review the 44 examples that are pending."] }) }),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Train ticket-classifier" }).click();
      await shown.getByText("Nothing was started").waitFor();
    },
  },
  "training-new-no-datasets": at("/training/new", "A model learns from examples", { "/api/datasets": page([]) }),
  "training-compare": at(`/training/compare?run=${RUN}&run=trun_07`, "Side by side", { [`${RUNS}/trun_07`]: run({ id: "trun_07", figures: { accuracy: 0.912, macroF1: 0.9087, examples: 410 }, spec: { ...run().spec, params: { epochs: 40 } } }), [`${RUNS}/trun_07/metrics`]: { items: metrics(20, 2), next: null } }),
  "training-compare-one": at("/training/compare", "Choose two runs or more"),
  "training-schedules": at("/training/schedules", "tickets, nightly"),
  "training-schedules-empty": at("/training/schedules", "Train again when there is something new", { "/api/training/schedules": page([]) }),
  "training-schedule-new": {
    ...at("/training/schedules?create=true", ""),
    reach: async (shown) => {
      await shown.getByLabel("When", { exact: true }).selectOption("own");
      await shown.getByLabel("Times", { exact: true }).fill("15 4 * * mon");
      await shown.getByText("by your clock").waitFor();
    },
  },
  "training-schedule-delete": {
    ...at("/training/schedules", ""),
    reach: async (shown) => {
      await shown.getByRole("button", { name: "Delete tickets, nightly" }).click();
      await shown.getByText("Nothing is trained by it").waitFor();
    },
  },
};
