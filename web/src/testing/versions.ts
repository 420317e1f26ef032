import type { HistoryEntry, Predictor, ServedModel, TrainedModel, VersionComparison, VersionRead, VersionSummary } from "@/api/versions";

/** Example versions, the same on every run. Every part can be replaced. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const at = (hours: number) => new Date(AT + hours * 3_600_000).toISOString();

export function summary(parts: Partial<VersionSummary> = {}): VersionSummary {
  return { id: "mv_04", version: "1.3.0", state: "candidate", task: "intent", engine: "linear", createdAt: at(-0.2), figures: { accuracy: 0.9336, macroF1: 0.9312, examples: 422 }, gatePassed: true, liveIn: [], ...parts };
}

export function trained(parts: Partial<TrainedModel> = {}): TrainedModel {
  return {
    name: "ticket-classifier",
    task: "intent",
    versions: [
      summary(),
      summary({ id: "mv_03", version: "1.2.0", state: "live", createdAt: at(-50), figures: { accuracy: 0.912, macroF1: 0.9102, examples: 410 }, liveIn: ["production"] }),
      summary({ id: "mv_02", version: "1.1.0", state: "retired", createdAt: at(-300), figures: { accuracy: 0.894, macroF1: 0.889, examples: 402 } }),
      summary({ id: "mv_01", version: "1.0.0", state: "deprecated", createdAt: at(-900), figures: { accuracy: 0.861, macroF1: 0.848, examples: 380 }, gatePassed: false }),
    ],
    live: { production: "1.2.0", staging: null, abTest: null },
    callableAs: "ticket-classifier",
    ...parts,
  };
}

export const models = (): TrainedModel[] => [
  trained(),
  trained({ name: "booking-dates", task: "entity", versions: [summary({ id: "mv_11", task: "entity", engine: "entity", version: "1.0.0", state: "live", createdAt: at(-90), figures: { spanF1: 0.951, examples: 300 }, liveIn: ["production"] })], live: { production: "1.0.0", staging: null, abTest: null }, callableAs: "booking-dates" }),
  trained({ name: "faq-answers", task: "response", versions: [summary({ id: "mv_21", task: "response", engine: "response", version: "1.0.0", figures: { answerRecall: 0.72, examples: 120 }, gatePassed: false, createdAt: at(-9) })], live: { production: null, staging: null, abTest: null }, callableAs: null }),
];

const labels = ["refund", "delivery", "invoice", "login", "parking", "opening_hours", "catering", "cancellation", "deposit", "damage", "wifi", "accessibility"];

const moved = (champion: number, challenger: number, low: number, high: number) => ({ champion, challenger, difference: challenger - champion, low, high });

export const comparison = () => ({
  examples: 422,
  metrics: { macroF1: moved(0.9102, 0.9312, 0.006, 0.037), accuracy: moved(0.912, 0.9336, 0.008, 0.036) },
  mcnemar: { pValue: 0.0031 },
  slices: [
    { slice: "length", value: "1-4 words", examples: 120, ...moved(0.86, 0.91, 0.01, 0.09) },
    { slice: "source", value: "user", examples: 88, ...moved(0.93, 0.92, -0.04, 0.02) },
  ],
});

const evidence = {
  figures: { test: { accuracy: 0.9336, macroF1: 0.9312, calibrationError: 0.021, examples: 422 } },
  perClass: labels.map((label, index) => ({ label, precision: 0.99 - index * 0.015, recall: 0.97 - index * 0.017, f1: 0.98 - index * 0.016, support: 60 - index * 3 })),
  slices: [
    { slice: "length", value: "1-4 words", examples: 120, accuracy: 0.91 },
    { slice: "length", value: "5-8 words", examples: 190, accuracy: 0.95 },
    { slice: "source", value: "user", examples: 88, accuracy: 0.92 },
  ],
  calibration: { error: 0.021, bins: [0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.96].map((confidence, index) => ({ from: confidence - 0.05, confidence, accuracy: confidence + 0.03 * Math.sin(index * 2), examples: [6, 9, 14, 22, 40, 81, 250][index] ?? 1 })) },
  latency: { p50Ms: 0.41, p95Ms: 0.88, examples: 200 },
  labelNoise: { suspected: 31, share: 0.0073 },
  environment: { python: "3.12.4", system: "Linux x86_64", packages: { numpy: "2.3.1", "scikit-learn": "1.7.0" } },
};

export function version(parts: Partial<VersionRead> = {}): VersionRead {
  return {
    id: "mv_04",
    name: "ticket-classifier",
    version: "1.3.0",
    state: "candidate",
    task: "intent",
    engine: "linear",
    createdAt: at(-0.2),
    createdBy: "ada@rosewood.example",
    run: "trun_01k9f3m0000000000000000001",
    dataset: { id: "ds_01", version: "3", digest: "8b2f60c1f1d24a0e9f4d1f6f2a1b5c7d8b2f60c1f1d24a0e9f4d1f6f2a1b5c7d" },
    labels,
    configuration: { params: { regularization: { l2: 0.4 } }, seed: 7 },
    card: { confused: [{ expected: "refund", said: "cancellation", count: 7 }, { expected: "deposit", said: "refund", count: 5 }, { expected: "wifi", said: "login", count: 2 }] },
    evidence,
    gate: {
      passed: true,
      comparedWith: "1.2.0",
      checks: [
        { name: "testExamples", passed: true, value: 422, bar: 30, words: "422 test examples; bar: at least 30" },
        { name: "better", passed: true, value: 2.1, bar: 0, words: "macro F1 rose by 2.1 points (95 %: 0.6 to 3.7); bar: the interval is above 0" },
        { name: "slices", passed: true, value: -1, bar: -5, words: "none of 2 slices clearly fell; the worst changed by -1.0 points; bar: none falls by more than 5" },
        { name: "latency", passed: true, value: 0.88, bar: 100, words: "95 % of answers took 0.9 ms or less; bar: at most 100 ms" },
        { name: "calibration", passed: true, value: 0.021, bar: 0.15, words: "confidence is 2.1 points off on average (expected calibration error); bar: at most 15" },
      ],
    },
    comparison: comparison(),
    files: [
      { name: "manifest.json", size: 1204, sha256: "1f0d4bd2a95c".repeat(5) },
      { name: "head.safetensors", size: 4_812_330, sha256: "8b2f60c1f1d2".repeat(5) },
    ],
    digest: "5c1f0d4bd2a9".repeat(5),
    size: 4_813_534,
    liveIn: [],
    deprecation: null,
    ...parts,
  };
}

export const refused = (): VersionRead => {
  const checks = version().gate.checks.map((check) => (check.name === "better" ? { ...check, passed: false, value: 0.3, words: "macro F1 rose by 0.3 points (95 %: -1.1 to 1.7); bar: the interval is above 0" } : check));
  return version({ gate: { passed: false, comparedWith: "1.2.0", checks }, comparison: { ...comparison(), metrics: { macroF1: moved(0.9102, 0.9132, -0.011, 0.017) } } });
};

export const history = (): HistoryEntry[] => [
  { id: "mh_03", at: at(-48), action: "promoted", environment: "production", version: "1.2.0", versionId: "mv_03", former: "1.1.0", actor: "ada@rosewood.example", reason: "Better on refunds.", gate: null, override: null },
  { id: "mh_02", at: at(-290), action: "promoted", environment: "production", version: "1.1.0", versionId: "mv_02", former: "1.0.0", actor: "ben@rosewood.example", reason: "promoted", gate: null, override: { reason: "The test set is too small to tell; support asked for it." } },
  { id: "mh_01", at: at(-700), action: "deprecated", environment: null, version: "1.0.0", versionId: "mv_01", former: null, actor: "ada@rosewood.example", reason: "Its labels were wrong.", gate: null, override: null },
];

export const compared = (): VersionComparison => ({
  a: version({ id: "mv_03", version: "1.2.0", configuration: { params: {}, seed: 7 } }),
  b: version(),
  figures: [
    { name: "accuracy", a: 0.912, b: 0.9336, difference: 0.0216 },
    { name: "examples", a: 410, b: 422, difference: 12 },
    { name: "size", a: 4_700_120, b: 4_813_534, difference: 113_414 },
  ],
  perClass: labels.slice(0, 6).map((name, index) => ({ name, a: 0.9, b: 0.93 - index * 0.012, difference: 0.03 - index * 0.012 })),
  slices: [{ name: "length", a: 0.86, b: 0.91, difference: 0.05 }],
  labelsAdded: ["accessibility"],
  labelsGone: [],
  sameData: false,
  paired: comparison(),
});

export function served(parts: Partial<ServedModel> = {}): ServedModel {
  return { name: "ticket-classifier", environment: "production", calledAs: "ticket-classifier", version: "1.2.0", loaded: "1.2.0", state: "loaded", why: null, ...parts };
}

export function predictor(parts: Partial<Predictor> = {}): Predictor {
  return { status: "ready", detail: "The predictor serves 1 live version of trained models.", models: [served()], ...parts };
}
