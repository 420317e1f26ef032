import type { GuardrailState, Release, ReleaseArm, ReleaseEvent, ReleaseFigure, ReleasePlan, ReleasePreview, ReleaseStepFigures, ReleaseSummary } from "@/api/releases";

/** Example releases, the same on every run. Every part can be replaced. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const at = (minutes: number) => new Date(AT + minutes * 60_000).toISOString();

export const RELEASE = "rel_01k9f3m0000000000000000001";

const hold = { units: 0, seconds: 600 };

export const gradual = (parts: Partial<ReleasePlan> = {}): ReleasePlan => ({
  steps: [
    { share: 0.05, hold: { units: 200, seconds: 600 }, approval: false },
    { share: 0.25, hold, approval: false },
    { share: 0.5, hold, approval: false },
  ],
  guardrails: [
    { metric: "error_rate", margin: 0.02, direction: null, alpha: 0.05, action: "rollback" },
    { metric: "latency_ms", margin: 0.5, direction: null, alpha: 0.05, action: "rollback" },
  ],
  promotion: "automatic",
  unit: "user",
  patience: 120,
  agreement: 0,
  deprecateFormer: false,
  keepFormer: 0,
  ...parts,
});

export function summary(parts: Partial<ReleaseSummary> = {}): ReleaseSummary {
  return {
    id: RELEASE,
    name: "ticket-classifier",
    environment: "production",
    version: "1.3.0",
    versionId: "mv_04",
    former: "1.2.0",
    strategy: "gradual",
    state: "running",
    step: 1,
    steps: 3,
    share: 0.25,
    words: "Step 2 of 3: the candidate gets 25 % of the traffic.",
    reason: "Better on refunds.",
    createdBy: "ada@rosewood.example",
    createdAt: at(-31),
    endedAt: null,
    ...parts,
  };
}

export const releases = (): ReleaseSummary[] => [
  summary(),
  summary({ id: "rel_02", name: "faq-answers", version: "2.1.0", former: "2.0.0", strategy: "canary", state: "holding", step: 0, share: 0.1, words: "Step 1 is done; it is promoted once somebody approves.", createdAt: at(-240) }),
  summary({ id: "rel_03", version: "1.2.0", former: "1.1.0", state: "succeeded", share: null, words: "The new version has all of the traffic.", createdAt: at(-2900), endedAt: at(-2860) }),
  summary({ id: "rel_04", name: "entity-dates", version: "0.9.0", former: "0.8.2", strategy: "canary", state: "rolled_back", step: 0, share: null, words: "Failed calls rose by 4.1 points, more than the 2 that are borne.", createdAt: at(-5000), endedAt: at(-4988) }),
  summary({ id: "rel_05", name: "support-writer", version: "3.0.0", former: "2.4.1", strategy: "shadow", state: "cancelled", step: 0, share: null, words: "It is cancelled; nothing has changed.", createdAt: at(-9000), endedAt: at(-8900) }),
];

const figure = (mean: number, half: number, n: number): ReleaseFigure => ({ n, mean, low: mean - half, high: mean + half });

const arm = (name: ReleaseArm["name"], version: string, share: number, units: number, metrics: Record<string, ReleaseFigure>): ReleaseArm => ({ name, version, share, units, operations: units * 4, metrics });

export const arms = (): ReleaseArm[] => [
  arm("live", "1.2.0", 0.75, 1840, { error_rate: figure(0.008, 0.002, 7360), latency_ms: figure(41, 1.4, 7300), accuracy: figure(0.912, 0.018, 940) }),
  arm("candidate", "1.3.0", 0.25, 612, { error_rate: figure(0.0074, 0.003, 2448), latency_ms: figure(44, 2.1, 2430), accuracy: figure(0.934, 0.027, 320) }),
];

export function guardrails(): GuardrailState[] {
  return [
    { metric: "error_rate", state: "fine", margin: 0.02, direction: "down", action: "rollback", difference: -0.0006, low: -0.005, high: 0.0042, words: "0.7 % against 0.8 %: no harm of more than 2 points is shown." },
    { metric: "latency_ms", state: "waiting", margin: 0.5, direction: "down", action: "rollback", difference: 3, low: -4, high: 10, words: "44 ms against 41 ms: too few to tell yet." },
  ];
}

/** Two steps that have begun, each by itself. */
export function stepFigures(): ReleaseStepFigures[] {
  const guard = (metric: string, state: GuardrailState["state"], live: ReleaseFigure, candidate: ReleaseFigure): ReleaseStepFigures["guardrails"][number] => ({ metric, state, live, candidate, difference: (candidate.mean ?? 0) - (live.mean ?? 0), low: null, high: null, words: "By itself." });
  return [
    {
      step: 0,
      share: 0.05,
      against: "the live version",
      live: { units: 1210, operations: 4840 },
      candidate: { units: 62, operations: 251 },
      guardrails: [guard("error_rate", "waiting", figure(0.0081, 0.002, 4840), figure(0.0119, 0.011, 251)), guard("latency_ms", "waiting", figure(41, 1.6, 4800), figure(46, 5.2, 248))],
    },
    {
      step: 1,
      share: 0.25,
      against: "the live version",
      live: { units: 1106, operations: 2520 },
      candidate: { units: 571, operations: 2197 },
      guardrails: [guard("error_rate", "fine", figure(0.0079, 0.003, 2520), figure(0.0068, 0.003, 2197)), guard("latency_ms", "waiting", figure(40, 2.1, 2500), figure(43, 2.3, 2182))],
    },
  ];
}

const event = (minutes: number, kind: string, words: string, parts: Partial<ReleaseEvent> = {}): ReleaseEvent => ({ at: at(minutes), kind, state: "running", step: 0, share: null, actor: "system", words, data: {}, ...parts });

export const timeline = (): ReleaseEvent[] => [
  event(-31, "started", "1.3.0 is to be released: better on refunds.", { state: "pending", actor: "ada@rosewood.example" }),
  event(-30.9, "preparing", "The candidate is made ready beside the live one.", { state: "preparing" }),
  event(-30.5, "step", "Step 1 of 3: the candidate gets 5 % of the traffic.", { share: 0.05 }),
  event(-6, "step", "Step 2 of 3: the candidate gets 25 % of the traffic.", { share: 0.25, step: 1 }),
];

export function release(parts: Partial<Release> = {}): Release {
  return {
    ...summary(),
    plan: gradual(),
    planWords: preview().words,
    heldBy: null,
    override: null,
    experiment: null,
    keptUntil: null,
    startedAt: at(-30.9),
    stepAt: at(-6),
    progress: { units: 612, unitsWanted: 0, seconds: 360, secondsWanted: 600 },
    arms: arms(),
    guardrails: guardrails(),
    byStep: stepFigures(),
    agreement: null,
    measuredAt: at(-0.05),
    approvals: [],
    actions: ["advance", "hold", "rollback", "cancel"],
    timeline: timeline(),
    ...parts,
  };
}

export const waiting = (): Release =>
  release({
    state: "holding",
    heldBy: "approval",
    step: 0,
    share: 0.05,
    plan: gradual({ steps: gradual().steps.map((step, index) => ({ ...step, approval: index === 0 })) }),
    words: "Step 1 is done; step 2 once somebody approves.",
    progress: null,
    actions: ["advance", "approve", "rollback", "cancel"],
  });

export const harmed = (): Release =>
  release({
    state: "rolled_back",
    step: 0,
    share: null,
    endedAt: at(-1),
    words: "Failed calls rose by 4.1 points (95 %: 2.3 to 5.9), more than the 2 points that are borne: all of the traffic is back with 1.2.0.",
    progress: null,
    byStep: stepFigures()
      .slice(0, 1)
      .map((step) => ({ ...step, guardrails: step.guardrails.map((each) => (each.metric === "error_rate" ? { ...each, state: "harmed" as const, candidate: figure(0.049, 0.018, 251) } : each)) })),
    guardrails: guardrails().map((each) => (each.metric === "error_rate" ? { ...each, state: "harmed" as const, difference: 0.041, low: 0.023, high: 0.059, words: "4.9 % against 0.8 %: harm of more than 2 points is shown." } : each)),
    actions: [],
    timeline: [...timeline().slice(0, 3), event(-2, "harmed", "Failed calls rose by 4.1 points, more than the 2 points that are borne.", { state: "rolling_back" }), event(-1.9, "rolled_back", "All of the traffic is back with the version before.", { state: "rolled_back" })],
  });

export const shadowed = (): Release =>
  release({
    strategy: "shadow",
    step: 0,
    share: 0,
    plan: gradual({ steps: [{ share: 0, hold: { units: 200, seconds: 600 }, approval: false }], guardrails: [], promotion: "approval" }),
    words: "Step 1 of 1: the candidate gets copies of calls.",
    progress: { units: 130, unitsWanted: 200, seconds: 220, secondsWanted: 600 },
    guardrails: [],
    byStep: [{ step: 0, share: 0, against: "the live version", live: { units: 130, operations: 520 }, candidate: { units: 130, operations: 520 }, guardrails: [] }],
    agreement: 0.94,
    arms: [arm("live", "1.2.0", 1, 130, { error_rate: figure(0.008, 0.002, 520) }), { ...arm("shadow", "1.3.0", 0, 130, { error_rate: figure(0.0074, 0.003, 520) }), share: null }],
  });

/** In its last step everybody had it. */
const whole = (): ReleaseStepFigures => {
  const [, second] = stepFigures();
  if (!second) throw new Error("no second step");
  return { ...second, step: 2, share: 1, against: "the live version in the steps before", live: { units: 0, operations: 0 }, candidate: { units: 2280, operations: 9804 } };
};

export const promoted = (): Release => release({ state: "succeeded", step: 2, byStep: [...stepFigures(), whole()], share: null, endedAt: at(-2), words: "The new version has all of the traffic.", progress: null, actions: ["rollback"] });

export function preview(parts: Partial<ReleasePreview> = {}): ReleasePreview {
  return {
    plan: gradual({ steps: [{ share: 0.1, hold: { units: 200, seconds: 1800 }, approval: false }] }),
    words: [
      "1.3.0 is made ready beside 1.2.0, and checked.",
      "Step 1: it answers 10 % of the users, always the same ones, for 30 minutes and until it has answered 200 users.",
      "Should failed calls be by over 2 points of 100 more than of the live version, it goes back by itself.",
      "After the last step 1.3.0 is put in force by itself.",
    ],
    seconds: 1800,
    unitsPerDay: 1380,
    expectedSeconds: 125_000,
    warnings: [],
    ...parts,
  };
}
