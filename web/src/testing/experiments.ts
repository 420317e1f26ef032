import type { Comparison, Experiment, HistoryPoint, Plan, Results, Segment, Verdict } from "@/api/experiments";

/** Example experiments, the same on every run. Every part can be replaced. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const DAY = 86_400_000;
const at = (days: number) => new Date(AT + days * DAY).toISOString();

export const EXPERIMENT = "exp_01k9f3m0000000000000000001";

export const plan = (parts: Partial<Plan> = {}): Plan => ({
  unitsPerArm: 6200,
  baseline: 0.613,
  unitsPerDay: 1380,
  days: 9,
  looks: 1,
  words: "About 9 days for 12,400 people: 6,200 in each arm find a change of 5 % of 61.3 % resolved, 8 times in 10.",
  ...parts,
});

export const winner: Verdict = {
  state: "winner",
  arm: "treatment",
  words: "treatment is better: 3.1 points more are resolved, and that is no chance.",
  recommendation: "Decide for treatment. Nothing that must not get worse did.",
  confidence: 0.998,
};

export const early: Verdict = {
  state: "not_enough",
  arm: null,
  words: "There is not enough to tell yet: the difference of +1.2 points may be chance.",
  recommendation: "Let it run on; about 6 days are left.",
  confidence: null,
};

export function experiment(parts: Partial<Experiment> = {}): Experiment {
  return {
    id: EXPERIMENT,
    version: 3,
    name: "A shorter prompt",
    hypothesis: "Guests read a short answer to its end, so more of them get along without the desk.",
    target: "assistant",
    unit: "user",
    coverage: 1,
    state: "running",
    arms: [
      { name: "control", kind: "route", ref: "assistant", share: 0.5, prompt: null },
      { name: "treatment", kind: "prompt", ref: "assistant", share: 0.5, prompt: "Answer in two sentences." },
    ],
    metrics: [
      { key: "resolved", role: "primary", direction: "up", kind: "ratio", margin: null },
      { key: "error_rate", role: "guardrail", direction: "down", kind: "ratio", margin: 0.05 },
      { key: "latency_ms", role: "guardrail", direction: "down", kind: "mean", margin: 0.2 },
      { key: "cost_usd", role: "secondary", direction: "down", kind: "mean", margin: null },
    ],
    method: "always_valid",
    alpha: 0.05,
    power: 0.8,
    minimumEffect: 0.05,
    mode: "fixed",
    maxDays: null,
    plan: plan(),
    units: 10_840,
    verdict: winner,
    decided: null,
    createdBy: "ada@rosewood.example",
    createdAt: at(-8.2),
    updatedAt: at(-8),
    startedAt: at(-8),
    pausedAt: null,
    endedAt: null,
    endedReason: null,
    release: null,
    ...parts,
  };
}

const open = { units: null, verdict: null, startedAt: null };

export const experiments = (): Experiment[] => [
  experiment(),
  experiment({ id: "exp_02", name: "tickets 1.3.0", target: "ticket-classifier", units: 4120, verdict: early, startedAt: at(-3) }),
  experiment({ id: "exp_03", name: "The small model at night", target: "night-desk", unit: "conversation", ...open, state: "draft" }),
  experiment({ id: "exp_04", name: "Two suggestions", state: "paused", units: 3020, verdict: { ...early, words: "Paused: what is counted is not enough to tell." }, startedAt: at(-20), pausedAt: at(-12) }),
  experiment({ id: "exp_05", name: "A cheaper route", state: "decided", units: 18_200, verdict: { ...winner, words: "treatment costs 41 % less, and nothing else changed." }, startedAt: at(-40), endedAt: at(-25), decided: { arm: "treatment", reason: "As good, at half the price.", by: "ada@rosewood.example", at: at(-25), standing: true } }),
  experiment({ id: "exp_06", name: "Warmer words", state: "stopped", units: 9100, verdict: { ...early, state: "loser", arm: "treatment", words: "treatment is worse: 2.4 points fewer are resolved." }, startedAt: at(-60), endedAt: at(-52), endedReason: "It is worse." }),
];

function comparison(metric: string, role: Comparison["role"], difference: number, low: number, high: number, parts: Partial<Comparison> = {}): Comparison {
  const significant = low > 0 || high < 0;
  const better = significant ? difference > 0 === (metric === "resolved") : null;
  const guard = role === "guardrail";
  return { arm: "treatment", metric, role, difference, relative: null, low, high, p: null, significant, better, method: "always_valid", cuped: { used: false, varianceReduction: 0 }, margin: guard ? 0.0004 : null, broken: guard ? false : null, words: "", ...parts };
}

/** The course of an interval that narrows. */
function course(metric: string, difference: number, width: number, arm = "treatment", looks = 24): HistoryPoint[] {
  return Array.from({ length: looks }, (_, look) => {
    const half = width / Math.sqrt(look + 1);
    const value = difference + (half / 3) * Math.sin(look * 1.3 + 1);
    return { at: at(-8 + (8 * (look + 1)) / looks), metric, arm, difference: value, low: value - half, high: value + half };
  });
}

const segment = (by: string, value: string, n: number, difference: number, half: number, significant = false): Segment => ({ by, value, arm: "treatment", metric: "resolved", n, difference, low: difference - half, high: difference + half, p: significant ? 0.004 : 0.2, q: significant ? 0.016 : 0.27, significant });

const told = { share: 0.5, unnamed: 0, errors: 171, rescued: 0 };

export function results(parts: Partial<Results> = {}): Results {
  return {
    experiment: experiment(),
    asOf: at(-0.0002),
    sampleRatio: { p: 0.64, ok: true, words: "The arms got the calls that they should have." },
    arms: [
      { ...told, name: "control", units: 5398, operations: 21_410, metrics: { resolved: { mean: 0.613, low: 0.6, high: 0.626, n: 5398 }, error_rate: { mean: 0.0081, low: 0.007, high: 0.0094, n: 21_410 }, latency_ms: { mean: 1820, low: 1790, high: 1850, n: 21_240 }, cost_usd: { mean: 0.0042, low: 0.00415, high: 0.00425, n: 21_410 } } },
      { ...told, name: "treatment", units: 5442, operations: 21_377, metrics: { resolved: { mean: 0.644, low: 0.631, high: 0.657, n: 5442 }, error_rate: { mean: 0.0079, low: 0.0068, high: 0.0092, n: 21_377 }, latency_ms: { mean: 1410, low: 1388, high: 1432, n: 21_210 }, cost_usd: { mean: 0.0031, low: 0.00306, high: 0.00314, n: 21_377 } } },
    ],
    comparisons: [
      comparison("resolved", "primary", 0.031, 0.009, 0.053, { words: "3.1 points more are resolved (95 %: +0.9 to +5.3).", cuped: { used: true, varianceReduction: 0.22 }, relative: 0.05, p: 0.002 }),
      comparison("error_rate", "guardrail", -0.0002, -0.0022, 0.0018, { words: "No harm: errors are at most 0.2 points more." }),
      comparison("latency_ms", "guardrail", -410, -455, -365, { words: "No harm: 410 ms quicker." }),
      comparison("cost_usd", "secondary", -0.0011, -0.0012, -0.001, { words: "$0.0011 less for a call." }),
    ],
    segments: [segment("history", "returning", 6210, 0.046, 0.03, true), segment("history", "new", 4630, 0.011, 0.034), segment("key", "key_01k9f3m7abcde", 8120, 0.034, 0.026)],
    history: [...course("resolved", 0.031, 0.11), ...course("latency_ms", -410, 220)],
    verdict: winner,
    ...parts,
  };
}

export const resultsEarly = (): Results =>
  results({
    verdict: early,
    comparisons: [comparison("resolved", "primary", 0.012, -0.026, 0.05), comparison("error_rate", "guardrail", 0.001, -0.004, 0.006), comparison("latency_ms", "guardrail", -390, -480, -300), comparison("cost_usd", "secondary", -0.001, -0.0014, -0.0006)],
    history: course("resolved", 0.012, 0.11, "treatment", 6),
    segments: [],
  });

export const resultsHarmed = (): Results =>
  results({
    verdict: { state: "guardrail_broken", arm: "treatment", words: "treatment does harm: 1.9 points more calls fail than with control.", recommendation: "Stop it, or find out what fails: the calls of the arm that failed are one press away.", confidence: 0.99 },
    comparisons: [comparison("resolved", "primary", 0.031, 0.009, 0.053), comparison("error_rate", "guardrail", 0.019, 0.011, 0.027, { broken: true, words: "Harm: 1.9 points more calls fail." }), comparison("latency_ms", "guardrail", -410, -455, -365), comparison("cost_usd", "secondary", -0.0011, -0.0012, -0.001)],
  });

export const resultsUneven = (): Results =>
  results({
    sampleRatio: { p: 0.000_02, ok: false, words: "5,810 and 5,030 people took part where half and half were due; by chance that happens once in 50,000 experiments." },
    verdict: { state: "sample_ratio_mismatch", arm: null, words: "This cannot be trusted: one arm lost people on the way.", recommendation: "Look for calls of treatment that never ended, and start it anew.", confidence: null },
  });

const triple = (name: string, prompt: string): Experiment["arms"][number] => ({ name, kind: "prompt", ref: "assistant", share: 1 / 3, prompt });

/** One with two things tried at once. */
export const experimentOfThree = (): Experiment => experiment({ id: "exp_07", name: "Short, or warm", arms: [{ name: "control", kind: "route", ref: "assistant", share: 1 / 3, prompt: null }, triple("short", "Be short."), triple("warm", "Be warm.")] });

export const resultsOfThree = (): Results => {
  const { arms, comparisons } = results();
  const [control, treatment] = arms;
  if (!control || !treatment) throw new Error("no arms");
  return results({
    experiment: experimentOfThree(),
    arms: [control, { ...treatment, name: "short" }, { ...treatment, name: "warm", units: 5390 }],
    comparisons: ["short", "warm"].flatMap((arm) => comparisons.slice(0, 3).map((each) => ({ ...each, arm, ...(arm === "warm" && each.metric === "resolved" && { difference: 0.008, low: -0.014, high: 0.03, significant: false, better: null }) }))),
    segments: [],
    history: [...course("resolved", 0.031, 0.11, "short"), ...course("resolved", 0.008, 0.11, "warm")],
    verdict: { ...winner, arm: "short", words: "short is better: 3.1 points more are resolved, and that is no chance.", recommendation: "Decide for short." },
  });
};

/** One between versions, whose winner stands until it is released. */
export const experimentStanding = (): Experiment =>
  experiment({
    name: "tickets 1.3.0",
    target: "ticket-classifier",
    state: "decided",
    arms: [
      { name: "control", kind: "version", ref: "1.2.0", share: 0.5, prompt: null },
      { name: "treatment", kind: "version", ref: "1.3.0", share: 0.5, prompt: null },
    ],
    endedAt: at(-1),
    endedReason: "More are resolved.",
    decided: { arm: "treatment", reason: "More are resolved.", by: "ada@rosewood.example", at: at(-1), standing: true },
  });

export const resultsFutile = (): Results =>
  results({
    verdict: {
      state: "futile",
      arm: null,
      words: "It will hardly show a difference. Were there one of 5 %, the planned end would show it with a chance of 3 %. The share of conversations resolved: 61.4 % with treatment, 61.3 % with control. That is 0.1 points more (95 %: −1.6 to 1.8 points); it may as well be chance.",
      recommendation: "Stop it and keep control, or choose by cost and speed. Whoever goes on makes no mistake by it; it only takes the time.",
      confidence: null,
      chanceLeft: 0.03,
    },
    comparisons: [comparison("resolved", "primary", 0.001, -0.016, 0.018), comparison("error_rate", "guardrail", 0.001, -0.004, 0.006), comparison("latency_ms", "guardrail", -390, -480, -300)],
    history: course("resolved", 0.001, 0.09),
    segments: [],
  });
