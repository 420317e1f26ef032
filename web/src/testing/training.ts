import type { Engine, EstimateRead, Metric, Resources, Run, RunEvent, Schedule, Tracker, Trial, Trials, TuningJob } from "@/api/learning";

/** Example trainings, the same on every run. Every part can be replaced. */

const AT = Date.parse("2026-06-12T10:00:41Z");
const at = (minutes: number) => new Date(AT + minutes * 60_000).toISOString();

const estimate = { durationSeconds: { low: 12, likely: 41, high: 160 }, costUsd: 0.0004, memoryBytes: 420_000_000, basis: "6 runs of `linear` here" };

const data = { dataset: "ticket-classifier", version: "3", minQuality: 0 };
const spec = { name: "ticket-classifier", task: "intent", engine: "linear", data, params: { regularization: { l2: 0.4 } }, seed: 7 };

export const RUN = "trun_01k9f3m0000000000000000001";

export function run(parts: Partial<Run> = {}): Run {
  return {
    id: RUN,
    model: "ticket-classifier",
    kind: "retraining",
    task: "intent",
    engine: "linear",
    state: "succeeded",
    stage: "Done.",
    progress: 1,
    whyWaiting: null,
    position: null,
    cancelRequested: false,
    priority: "normal",
    createdBy: "ada@rosewood.example",
    createdAt: at(-14),
    startedAt: at(-13.9),
    endedAt: at(-13.2),
    estimate,
    spec,
    specHash: "5c1f0d4bd2a9",
    dataset: { id: "ds_01", name: "ticket-classifier", version: "3", versionId: "dv_03", digest: "sha256:8b2f60c1f1d24a0e", examples: 4218 },
    version: "mv_04",
    error: null,
    resources: { cpuSeconds: 51.4, peakMemoryBytes: 388_000_000, seconds: 42.1, gpus: 0 },
    costUsd: 0.000_412,
    figures: { accuracy: 0.9336, macroF1: 0.9312, calibrationError: 0.021, outOfScopeRecall: 0.887, examples: 422 },
    retryOf: null,
    schedule: null,
    ...parts,
  };
}

const open = { version: null, endedAt: null, figures: {}, costUsd: 0.000_21 };

export const working = (parts: Partial<Run> = {}): Run =>
  run({ id: "trun_02", model: "intent-encoder", engine: "intent", state: "running", stage: "Learning, epoch 7 of 20.", progress: 0.38, startedAt: at(-4), createdAt: at(-5), resources: { cpuSeconds: 410, peakMemoryBytes: 1_180_000_000, seconds: 240, gpus: 0 }, ...open, ...parts });

export const waiting = (parts: Partial<Run> = {}): Run =>
  run({ id: "trun_03", model: "faq-answers", task: "response", engine: "response", state: "queued", stage: "", progress: 0, startedAt: null, position: 2, priority: "high", createdAt: at(-2), whyWaiting: "It needs 2 cores; 1 of 2 is taken by intent-encoder.", ...open, ...parts });

export const failed = (parts: Partial<Run> = {}): Run =>
  run({
    id: "trun_04",
    model: "entity-dates",
    task: "entity",
    engine: "entity",
    state: "failed",
    stage: "Reading examples.",
    progress: 0.05,
    createdAt: at(-300),
    startedAt: at(-299),
    error: {
      code: "INSUFFICIENT_DATA",
      message: "There are 31 examples to learn from; 50 are needed.",
      details: { required: 50, available: 31, suggestions: ["Review the 44 examples that are pending.", "Lower the quality that examples must have: 27 were left out."] },
    },
    ...open,
    endedAt: at(-298.8),
    ...parts,
  });

export const paused = (): Run => run({ id: "trun_05", model: "support-writer", task: "sft", engine: "sft", state: "paused", progress: 0.61, createdAt: at(-900), startedAt: at(-880), ...open });
export const cancelled = (): Run => run({ id: "trun_06", state: "cancelled", createdAt: at(-1500), startedAt: at(-1499), progress: 0.2, ...open, endedAt: at(-1498) });

export const runs = (): Run[] => [waiting(), working(), run(), failed(), paused(), cancelled(), run({ id: "trun_07", createdAt: at(-3000), startedAt: at(-2999), endedAt: at(-2998.4), version: "mv_03", figures: { accuracy: 0.912, macroF1: 0.9087, examples: 410 } })];

/** A course that is learned from: loss falls, accuracy rises, both with what is left to chance. */
export function metrics(epochs = 20, shift = 0): Metric[] {
  return Array.from({ length: epochs }, (_, epoch) => epoch + 1).flatMap((epoch) => {
    const step = epoch * 33;
    const told = { at: at(epoch / 10), step, epoch };
    const jitter = 0.012 * Math.sin(epoch * 2.7 + shift);
    return [
      { ...told, split: "train", name: "loss", value: 2.6 * Math.exp(-epoch / (5 + shift)) + 0.16 + jitter },
      { ...told, split: "validation", name: "loss", value: 2.5 * Math.exp(-epoch / (5 + shift)) + 0.31 - jitter },
      { ...told, split: "validation", name: "accuracy", value: 0.935 - 0.62 * Math.exp(-epoch / (4 + shift)) + jitter },
    ];
  });
}

export const events = (): RunEvent[] => [
  { at: at(-4), kind: "stage", message: "Reading words and characters.", done: 0.05 },
  { at: at(-3.8), kind: "stage", message: "Learning.", done: 0.2 },
  { at: at(-3.2), kind: "warning", message: "The label “parking” has 4 examples only.", done: null },
  { at: at(-2.4), kind: "checkpoint", message: "Checkpoint at step 165.", done: 0.3 },
  { at: at(-1.6), kind: "milestone", message: "Validation accuracy passed 90 %.", done: 0.36 },
  { at: at(-1.5), kind: "progress", message: "", done: 0.38 },
];

export const searching = (parts: Partial<Run> = {}): Run =>
  run({ id: "trun_09", spec: { ...spec, search: { sampler: "tpe", trials: 12, space: {} }, notify: { people: ["ada@rosewood.example"], channels: ["Night watch"], on: ["best", "finished", "failed"] } }, ...parts });

const tried = (number: number, l2: number, classWeights: string, value: number | null, parts: Partial<Trial> = {}): Trial => ({
  number,
  state: "complete",
  params: number === 0 ? {} : { "regularization.l2": l2, classWeights },
  value,
  figures: value === null ? {} : { macroF1: value },
  seconds: 3.4 + number / 10,
  error: null,
  startedAt: at(-12 + number),
  endedAt: at(-11 + number),
  ...parts,
});

/** A search that goes on: one trial failed, one is at work. */
export const trials = (parts: Partial<Trials> = {}): Trials => ({
  objective: "macroF1",
  direction: "maximize",
  wanted: 12,
  best: 5,
  items: [
    tried(0, 0, "none", 0.9152),
    tried(1, 0.01, "none", 0.8841),
    tried(2, 30, "balanced", 0.8322),
    tried(3, 1.2, "balanced", 0.9287),
    tried(4, 0.4, "none", null, { state: "failed", error: "The label “parking” has 1 example; 2 are needed." }),
    tried(5, 0.31, "balanced", 0.9351),
    tried(6, 0.08, "balanced", 0.9264),
    tried(7, 3.6, "none", 0.9121),
    tried(8, 0.22, "balanced", null, { state: "running", endedAt: null, seconds: 0 }),
  ],
  ...parts,
});

export const trackers = (): Tracker[] => [
  { tracker: "mlflow", state: "told", url: "https://mlflow.rosewood.example/#/experiments/3/runs/8f2c", error: null },
  { tracker: "wandb", state: "open", url: "https://wandb.rosewood.example/rosewood/tickets/runs/trun_09", error: "Weights & Biases: the server does not answer." },
];

export const tuned = (parts: Partial<TuningJob> = {}): TuningJob => ({
  id: "ftjob_01",
  model: "hone:linear",
  name: "departments",
  tunedModel: "departments@staging",
  status: "succeeded",
  trainingFile: "file_01k9f3m0",
  validationFile: null,
  run: RUN,
  progress: 1,
  error: null,
  createdAt: at(-60),
  endedAt: at(-59),
  ...parts,
});

export const tuningJobs = (): TuningJob[] => [
  tuned({ id: "ftjob_05", name: "tuned-linear", tunedModel: null, status: "validating_files", run: null, progress: 0, createdAt: at(-0.2), endedAt: null }),
  tuned({ id: "ftjob_04", model: "hone:intent", name: "intent-encoder", tunedModel: null, status: "running", run: "trun_02", progress: 0.38, createdAt: at(-5), endedAt: null, validationFile: "file_01k9f3m1" }),
  tuned(),
  tuned({ id: "ftjob_03", name: "complaints", tunedModel: null, status: "failed", run: null, progress: 0, createdAt: at(-400), endedAt: at(-399.8), error: { code: "invalid_training_file", message: "Line 7 of the file does not end with an answer of the assistant to a user.", param: "training_file" } }),
  tuned({ id: "ftjob_02", name: "faq", tunedModel: null, status: "cancelled", run: null, progress: 0, createdAt: at(-900), endedAt: at(-899) }),
];

export const log = (): string =>
  Array.from({ length: 60 }, (_, line) => `2026-06-12T10:00:${String(line).padStart(2, "0")}Z epoch ${Math.floor(line / 3) + 1} step ${(line + 1) * 11} loss ${(2.6 * Math.exp(-line / 15) + 0.16).toFixed(4)}`).join("\n") + "\n";

export function estimated(parts: Partial<EstimateRead> = {}): EstimateRead {
  return { ...estimate, examples: 4218, whyWaiting: null, problems: [], ...parts };
}

export function resources(parts: Partial<Resources> = {}): Resources {
  return {
    machines: 1,
    cpu: { total: 2, used: 1 },
    memory: { total: 12_000_000_000, used: 2_000_000_000 },
    gpu: { total: 0, used: 0 },
    running: [{ id: "trun_02", model: "intent-encoder", state: "running", progress: 0.38, cpu: 1, memoryBytes: 2_000_000_000, gpus: 0 }],
    waiting: [
      { id: "trun_08", model: "ticket-classifier", priority: "critical", position: 1, whyWaiting: "It needs 2 cores; 1 of 2 is taken by intent-encoder.", queuedAt: at(-1) },
      { id: "trun_03", model: "faq-answers", priority: "high", position: 2, whyWaiting: "ticket-classifier is before it.", queuedAt: at(-2) },
    ],
    others: 0,
    ...parts,
  };
}

const number = (description: string, usual: number, minimum: number, maximum: number, type = "number") => ({ type, description, default: usual, minimum, maximum });

const parameters = {
  type: "object",
  properties: {
    optimizer: { type: "string", description: "Exact solves least squares in one step; the others go step by step.", default: "exact", enum: ["exact", "adam", "adamw", "lamb", "sgd", "rmsprop"] },
    learningRate: number("The length of a step.", 0.02, 1e-6, 10),
    epochs: number("How often each example is seen at most.", 20, 1, 10_000, "integer"),
    regularization: { type: "object", properties: { l2: { type: ["number", "null"], description: "Penalty of weights.", default: null, minimum: 0, maximum: 1000 }, dropout: number("Share of features left out of each step.", 0, 0, 0.95) } },
    warmStart: { type: "boolean", description: "Start from the version to go on from.", default: true },
  },
};

function engine(name: string, parts: Partial<Engine>): Engine {
  return { name, tasks: ["intent"], title: name, words: "", parameters, defaults: {}, installed: true, install: null, defaultFor: [], aliases: {}, search: {}, objective: null, ...parts };
}

export const engines = (): Engine[] => [
  engine("intent", { title: "Encoder and linear", words: "A sentence encoder beside the linear features: better with few examples and with sentences worded in a new way; slower." }),
  engine("linear", { title: "Linear", words: "Words and parts of words in a linear model: seconds to train, under a millisecond to ask. Right to begin with.", defaultFor: ["intent"], search: { "regularization.l2": { type: "number", low: 0.01, high: 30, log: true }, classWeights: { type: "choice", choices: ["none", "balanced"] } }, objective: "macroF1" }),
  engine("entity", { title: "Entities", tasks: ["entity"], words: "Marks names, dates and the like in a text.", defaultFor: ["entity"] }),
  engine("sft", { title: "Supervised fine-tuning", tasks: ["sft"], words: "A generative model learns to answer as in the examples; wants a GPU.", installed: false, install: "scripts/setup trainer llm", defaultFor: ["sft"] }),
];

export function schedule(parts: Partial<Schedule> = {}): Schedule {
  return {
    id: "sched_01",
    version: 2,
    name: "tickets, nightly",
    cron: "0 3 * * *",
    timezone: "Europe/Berlin",
    window: { from: "22:00", to: "06:00" },
    job: { ...spec, data: { dataset: "ticket-classifier" } },
    minNewExamples: 50,
    enabled: true,
    nextAt: "2026-06-13T01:00:00Z",
    nextFive: [],
    lastAt: at(-600),
    lastRun: RUN,
    lastOutcome: "trained",
    createdBy: "ada@rosewood.example",
    createdAt: at(-90_000),
    ...parts,
  };
}

export const datasets = () => [
  { id: "ds_01", name: "ticket-classifier", kind: "intent" },
  { id: "ds_02", name: "booking-dates", kind: "entity" },
];
