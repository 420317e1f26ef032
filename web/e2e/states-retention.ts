import { healthy, NOON, refusal, signedIn, type Answers, type State } from "./stage";

const DAY = 86_400_000;
const ago = (days: number) => new Date(NOON - days * DAY).toISOString();
const nextRun = new Date(NOON + 15.4 * 3_600_000).toISOString();

const rule = (kind: string, about: string, parts: object = {}, due: object = {}) => ({
  kind,
  about,
  days: null,
  effectiveDays: null,
  defaultDays: null,
  leastDays: 1,
  mostDays: null,
  version: 0,
  updatedAt: null,
  due: { before: null, rows: 0, oldest: ago(120), ...due },
  ...parts,
});

const rules = [
  rule("contents", "Prompts and answers, sealed.", { effectiveDays: 90 }, { before: ago(90), rows: 4210 }),
  rule("operations", "Calls: who, when, which model, what it cost. Their contents go with them.", { days: 90, effectiveDays: 90, version: 2 }, { before: ago(90), rows: null }),
  rule("figures", "Sums of each minute, without anything personal.", { leastDays: 31 }),
  rule("audit_details", "What an event says. That it happened, when and by whom stays: the chain needs it.", { leastDays: 90 }),
  rule("sessions", "Sessions that ended, but for each person's last.", { days: 90, effectiveDays: 90, defaultDays: 90, mostDays: 90 }, { before: ago(90) }),
  rule("replays", "Answers kept to be given again under the same Idempotency-Key.", { days: 1, effectiveDays: 1, defaultDays: 1, mostDays: 1 }, { oldest: null, before: ago(1) }),
  rule("quarantine", "Records that could not be stored, and why.", { leastDays: 7 }, { oldest: null }),
];

const erasure = (parts: object = {}) => ({
  id: "erasure_01",
  kind: "user",
  state: "done",
  step: "done",
  planned: { contents: 180, operations: 204 },
  counts: { contents: 180, operations: 204 },
  requestedBy: "person_01",
  requestedAt: ago(1),
  finishedAt: ago(1),
  ...parts,
});
const page = (...items: object[]) => ({ items, total: items.length, next: null });

const found = {
  kind: "user",
  target: "guest-4711",
  name: null,
  counts: { contents: 180, replays: 2, quarantine: 0, views: 1, event_details: 0, conversations: 0, operations: 204 },
  backups: [{ file: "hone-2026-06-01T0300Z.tar.zst", at: ago(11) }],
};

const answers: Answers = {
  ...healthy,
  "/api/retention": { nextRun, rules },
  "/api/retention/preview": { nextRun, rules: rules.map((each) => ({ ...each, due: { before: ago(30), rows: 812, oldest: ago(120) } })) },
  "/api/audit/erasures": page(erasure()),
  "/api/audit/erasures/preview": found,
};

function at(seen: string, more: Answers = {}): State {
  return {
    path: "/settings/retention",
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

type Shown = Parameters<State["reach"]>[0];

async function count(shown: Shown, name: string) {
  await shown.getByLabel("User id").fill(name);
  await shown.getByRole("button", { name: "Count what there is" }).click();
}

async function change(shown: Shown, days: string) {
  await shown.getByRole("button", { name: "Change figures" }).click();
  await shown.getByRole("checkbox", { name: "Keep for ever" }).uncheck();
  await shown.getByLabel("Days").fill(days);
}

export const retentionStates: Record<string, State> = {
  retention: at("go next"),
  "retention-nothing": at("Nothing is due", {
    "/api/retention": { nextRun, rules: rules.map((each) => ({ ...each, due: { before: null, rows: 0, oldest: null } })) },
    "/api/audit/erasures": page(),
  }),
  "retention-change": {
    ...at(""),
    async reach(shown) {
      await change(shown, "40");
      await shown.getByText("go for good at the next run").waitFor();
    },
  },
  "retention-change-wrong": {
    ...at(""),
    async reach(shown) {
      await change(shown, "3");
      await shown.getByText("at least 31 days").waitFor();
    },
  },
  "retention-erase": {
    ...at(""),
    async reach(shown) {
      await count(shown, "guest-4711");
      await shown.getByText("This cannot be undone.").waitFor();
    },
  },
  "retention-nobody": {
    ...at("", { "/api/audit/erasures/preview": refusal("There is nobody of this name in this organization.", "nobody_to_erase", 404, null, "target") }),
    async reach(shown) {
      await shown.getByLabel("Who").selectOption("person");
      await shown.getByLabel("E-mail or person id").fill("nobody");
      await shown.getByRole("button", { name: "Count what there is" }).click();
      await shown.getByText("Check the address or the id.").waitFor();
    },
  },
  "retention-erasing": at("Operations: 120 of 384 rows", {
    "/api/audit/erasures": page(erasure({ id: "erasure_02", state: "running", step: "operations", counts: { contents: 120 }, finishedAt: null }), erasure()),
  }),
  "retention-failing": at("could not be loaded", {
    "/api/retention": refusal("The database does not answer."),
    "/api/audit/erasures": refusal("The database does not answer."),
  }),
  "retention-loading": {
    ...at("", { "/api/retention": undefined, "/api/audit/erasures": undefined }),
    reach: (shown) => shown.getByRole("status", { name: "Loading the rules" }).waitFor(),
  },
};
