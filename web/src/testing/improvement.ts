import type { Decision, Policy, Turn, TurnStory } from "@/api/improvement";

/** Example policies and turns, the same on every run. Every part can be replaced. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const at = (minutes: number) => new Date(AT + minutes * 60_000).toISOString();

export function policy(parts: Partial<Policy> = {}): Policy {
  return {
    id: "imp_01",
    version: 3,
    model: "ticket-classifier",
    enabled: true,
    job: { name: "ticket-classifier", task: "intent" },
    triggers: [
      { kind: "accuracy_below", below: 0.95, windowHours: 48, least: 60 },
      { kind: "new_examples", count: 1000 },
      { kind: "interval", hours: 24 },
    ],
    debounceSeconds: 300,
    leastNew: 10,
    budget: { runsPerDay: 4, costUsdPerMonth: 20 },
    spent: { runsToday: 1, costUsdThisMonth: 0.84 },
    approvals: ["release"],
    release: { strategy: "canary", plan: { deprecateFormer: true }, shadow: false, compare: { metric: "accuracy", alpha: 0.05, least: 50, hours: 72, noDifference: "promote" } },
    look: {
      at: at(-0.5),
      words: "Nothing to do: 412 of 1,000 new examples since 1.2.0; accuracy 96.1 % (95.0 to 97.2 %).",
      fires: false,
      heldBack: null,
      beginsAt: null,
      triggers: [
        { kind: "accuracy_below", fires: false, near: 0.56, words: "accuracy 96.1 % (95.0 % to 97.2 %) of 1,204 judged answers holds 95.0 %" },
        { kind: "new_examples", fires: false, near: 0.412, words: "412 of 1,000 new examples since 1.2.0" },
        { kind: "interval", fires: false, near: 0.83, words: "by the clock it is due at 2026-06-12 14:00 UTC" },
      ],
    },
    words: "Nothing to do: 412 of 1,000 new examples since 1.2.0; accuracy 96.1 % (95.0 to 97.2 %).",
    turn: null,
    createdBy: "ada@rosewood.example",
    createdAt: at(-30_000),
    updatedAt: at(-5000),
    ...parts,
  };
}

export const policies = (): Policy[] => [
  policy(),
  policy({
    id: "imp_02",
    model: "faq-answers",
    approvals: [],
    turn: "turn_02",
    words: "A turn is under way: the canary answers 10 % of calls.",
    budget: { runsPerDay: 2, costUsdPerMonth: null },
    look: { at: at(-1), words: "", fires: true, heldBack: null, beginsAt: null, triggers: [{ kind: "feedback_batch", fires: true, near: 1, words: "131 of 100 corrected answers since 2.0.1" }] },
  }),
  policy({ id: "imp_03", model: "entity-dates", enabled: false, look: null, words: "It is switched off: nothing begins by itself." }),
];

export const TURN = "turn_01k9f3m0000000000000000001";

export function turn(parts: Partial<Turn> = {}): Turn {
  return {
    id: TURN,
    policy: "imp_01",
    model: "ticket-classifier",
    state: "awaiting_approval",
    awaiting: "release",
    words: "1.3.0 passed its gates: 94.8 % right on 422 examples that it never saw, 1.2.0 had 91.2 %. It waits for somebody to say whether to release it.",
    trigger: { kinds: ["accuracy_below"], words: "Accuracy 91.2 % (87.7 % to 93.8 %) of 340 judged answers is below 95.0 %.", by: "system" },
    run: "trun_01k9f3m0000000000000000001",
    version: "mv_05",
    versionNumber: "1.3.0",
    release: null,
    experiment: null,
    costUsd: 0.000_412,
    actions: ["approve", "reject"],
    createdBy: "system",
    createdAt: at(-38),
    finishedAt: null,
    ...parts,
  };
}

const said = (minutes: number, step: Decision["step"], decision: string, words: string, who = "system"): Decision => ({ at: at(minutes), step, decision, who, words, evidence: {} });

const begun = [
  said(-38, "triggered", "triggered", "Accuracy 91.2 % (87.7 % to 93.8 %) of 340 judged answers is below 95.0 %."),
  said(-38, "training", "training_started", "It is trained anew with 1,131 new examples."),
  said(-36, "gating", "trained", "The training succeeded in 42 s."),
];

export function story(parts: Partial<TurnStory> = {}): TurnStory {
  return {
    ...turn(),
    plan: {},
    evidence: { accuracy: 0.948, former: { version: "1.2.0", accuracy: 0.912 }, difference: 0.036, low: 0.018, high: 0.054, examples: 422, checks: [{ words: "Better by more than chance." }, { words: "No label got worse by more than 2 points." }] },
    timeline: [...begun, said(-36, "awaiting_approval", "asked", "1.3.0 passed its gates: 94.8 % right on 422 examples that it never saw, 1.2.0 had 91.2 %. It waits for somebody to say whether to release it.")],
    ...parts,
  };
}

export const promoted = (): TurnStory =>
  story({
    state: "promoted",
    awaiting: null,
    actions: [],
    release: "rel_01",
    experiment: "exp_01",
    finishedAt: at(-2),
    words: "1.3.0 is better than 1.2.0 by 3.1 points (0.8 to 5.4) and answers all calls.",
    evidence: { metric: "accuracy", live: { n: 1198, mean: 0.9093 }, candidate: { n: 1204, mean: 0.9403 }, difference: 0.031, low: 0.008, high: 0.054, alpha: 0.05 },
    timeline: [
      ...begun,
      said(-36, "awaiting_approval", "asked", "1.3.0 passed its gates. It waits for somebody to say whether to release it."),
      said(-30, "releasing", "approved", "Approved: the labels were renamed, this is what we want.", "person_01"),
      said(-30, "releasing", "release_started", "It is released as a canary: 10 % of calls first."),
      said(-20, "comparing", "comparison_started", "The canary held its guardrails. Both versions are compared."),
      said(-2, "promoted", "promoted", "1.3.0 is better than 1.2.0 by 3.1 points (0.8 to 5.4) and answers all calls."),
    ],
  });

export const refused = (): TurnStory =>
  story({ actions: ["override", "reject"], words: "1.3.0 did not pass a gate: the label “refund” got worse by 6.1 points. It waits for somebody to override that, or to reject it.", evidence: { accuracy: 0.921, checks: [{ words: "The label “refund” got worse by 6.1 points; 2 are allowed." }] } });

export const rolledBack = (): TurnStory =>
  story({
    state: "rolled_back",
    awaiting: null,
    actions: [],
    release: "rel_02",
    finishedAt: at(-9),
    words: "Errors of 1.3.0 rose to 4.2 % (1.9 to 7.7): all calls went back to 1.2.0 within a second.",
    evidence: { errorRate: 0.042, low: 0.019, high: 0.077 },
    timeline: [...begun, said(-30, "releasing", "release_started", "1.3.0 passed its gates. It is released as a canary."), said(-9, "rolled_back", "rolled_back", "Errors of 1.3.0 rose to 4.2 % (1.9 to 7.7): all calls went back to 1.2.0 within a second. The same data is not tried again unasked.")],
  });

export const turns = (): Turn[] => [
  turn(),
  turn({ id: "turn_02", policy: "imp_02", model: "faq-answers", state: "releasing", awaiting: null, actions: ["reject"], words: "The canary answers 10 % of calls.", versionNumber: "2.1.0", createdAt: at(-70) }),
  turn({ id: "turn_03", state: "promoted", awaiting: null, actions: [], words: "1.2.0 is better than 1.1.0 by 2.2 points (0.4 to 4.0) and answers all calls.", versionNumber: "1.2.0", createdAt: at(-3000), finishedAt: at(-2800) }),
  turn({ id: "turn_04", state: "rolled_back", awaiting: null, actions: [], words: "Errors of 1.1.1 rose to 4.2 %: all calls went back to 1.1.0.", versionNumber: "1.1.1", createdAt: at(-6000), finishedAt: at(-5900) }),
];
