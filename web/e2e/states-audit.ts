import { healthy, NOON, refusal, signedIn, type Answers, type State } from "./stage";

const ago = (minutes: number) => new Date(NOON - minutes * 60_000).toISOString();
const hash = (seed: string) => seed.repeat(64).slice(0, 64);

const ada = { id: "person_01", kind: "person", name: "Ada Moreno" };
const deploy = { id: "key_01", kind: "key", name: "Deploy pipeline" };
const hone = { id: "system", kind: "system", name: "Hone" };

const event = (position: number, name: string, parts: object = {}) => ({
  id: `evt_${String(position).padStart(3, "0")}`,
  position,
  at: ago((60 - position) * 37),
  name,
  subject: `route_${position}`,
  actor: ada,
  before: null,
  after: null,
  details: {},
  personal: null,
  withheld: null,
  hash: hash(String(position)),
  ...parts,
});

const events = [
  event(59, "route.updated", {
    before: { policy: "weighted", targets: [{ model: "gpt-4o", weight: 1 }] },
    after: { policy: "round_robin", targets: [{ model: "gpt-4o", weight: 1 }, { model: "claude-sonnet", weight: 1 }] },
  }),
  event(58, "key.created", { actor: deploy, subject: "key_07", after: { name: "<img src=x onerror=alert(1)>", permissions: ["ai:query"], routes: null, expires_at: null } }),
  event(57, "person.updated", { subject: "person_02", before: { role: "user" }, after: { role: "developer" }, personal: { email: "jun@rosewood.example", name: "Jun Aoki" } }),
  event(56, "person.created", { subject: "person_03", actor: { id: "person_09", kind: "person", name: null }, after: { role: "analyst" }, withheld: "erased" }),
  event(55, "model.created", { actor: hone, subject: "model_01", after: { name: "gpt-4o" }, details: { operatingUser: "ops" } }),
];

const walk = (parts: object = {}) => ({
  id: "ver_01",
  state: "whole",
  checked: 57,
  total: 57,
  hash: hash("57"),
  brokenAt: null,
  reason: null,
  requestedBy: "person_01",
  startedAt: ago(540),
  finishedAt: ago(539),
  ...parts,
});
const chain = (parts: object = {}) => ({ events: 59, waiting: 0, head: hash("59"), last: walk(), running: null, ...parts });
const facets = {
  names: [
    { name: "route.updated", count: 31 },
    { name: "key.created", count: 9 },
  ],
  actors: [
    { actor: ada, count: 44 },
    { actor: deploy, count: 9 },
  ],
  counted: 59,
};

const answers: Answers = {
  ...healthy,
  "/api/audit/events": { items: events, total: 5, next: null },
  "/api/audit/events/evt_059": events[0],
  "/api/audit/facets": facets,
  "/api/audit/chain": chain(),
};

function at(path: string, seen: string, more: Answers = {}): State {
  return {
    path,
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

export const auditStates: Record<string, State> = {
  audit: at("/settings/audit", "The chain is whole"),
  "audit-filtered": at("/settings/audit?name=route.&last=7d", "Route: everything"),
  "audit-panel": at("/settings/audit?open=evt_059", "What changed"),
  "audit-erased": at("/settings/audit?open=evt_056", "Part of it is gone", { "/api/audit/events/evt_056": events[3] }),
  "audit-unverified": at("/settings/audit", "not verified yet", { "/api/audit/chain": chain({ last: null }) }),
  "audit-verifying": at("/settings/audit", "hold so far", { "/api/audit/chain": chain({ running: walk({ state: "running", checked: 24, finishedAt: null }) }) }),
  "audit-broken": at("/settings/audit", "The chain is broken", {
    "/api/audit/chain": chain({ last: walk({ state: "broken", checked: 41, brokenAt: 42, reason: "the event or its place was altered" }) }),
  }),
  "audit-empty": at("/settings/audit?q=nothing", "No event matches", { "/api/audit/events": { items: [], total: 0, next: null } }),
  "audit-failing": at("/settings/audit", "could not be loaded", {
    "/api/audit/events": refusal("The database does not answer."),
    "/api/audit/chain": refusal("The database does not answer."),
  }),
  "audit-loading": {
    ...at("/settings/audit", "", { "/api/audit/events": undefined, "/api/audit/chain": undefined }),
    reach: (shown) => shown.getByRole("status", { name: "Loading the events" }).waitFor(),
  },
};
