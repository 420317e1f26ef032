/** A training before it is started: what is chosen, and what is sent. Pure. */

import type { DatasetChoice } from "../queries";

import { fieldsOf, paramsOf, typedOf, wrongWith, type Typed } from "./params";

import type { Engine, Job, Priority, Run, Task } from "@/api/learning";

export interface Draft {
  dataset: string;
  /** Empty: the data as it is now, frozen when the run starts. */
  version: string;
  task: Task;
  /** Empty: the engine that is usual for the task. */
  engine: string;
  name: string;
  params: Typed;
  priority: Priority;
  /** The share of examples that is kept for the test; empty: a tenth. */
  testShare: string;
  /** The version of the model to go on from; empty: from scratch. */
  baseVersion: string;
  minQuality: string;
  cpu: string;
  memoryGb: string;
  wallMinutes: string;
  costUsd: string;
  seed: string;
  /** How many values of parameters are tried; empty: none but the given. */
  trials: string;
  /** Whether whoever starts it hears of it by mail. */
  tellMe: boolean;
}

export const noDraft: Draft = {
  dataset: "",
  version: "",
  task: "intent",
  engine: "",
  name: "",
  params: {},
  priority: "normal",
  testShare: "",
  baseVersion: "",
  minQuality: "",
  cpu: "",
  memoryGb: "",
  wallMinutes: "",
  costUsd: "",
  seed: "",
  trials: "",
  tellMe: false,
};

const TASK_OF: Record<string, Task> = { intent: "intent", entity: "entity", response: "response", chat: "sft", preference: "dpo" };

/** What data of this kind teaches. */
export const taskOf = ({ kind }: DatasetChoice): Task => TASK_OF[kind] ?? "intent";

/** A dataset is chosen: it says what it can teach, and what the model is called unless somebody said. */
export function withDataset(draft: Draft, dataset: DatasetChoice, named: boolean): Draft {
  const task = taskOf(dataset);
  const same = task === draft.task;
  return { ...draft, dataset: dataset.name, version: "", task, ...(!same && { engine: "", params: {} }), ...(!named && { name: modelName(dataset.name) }) };
}

/** A name that a model can have. */
export const modelName = (text: string): string => text.trim().replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 120);

/** The engines of a task: what is usual first, and what is not installed last. */
export function enginesFor(engines: readonly Engine[], task: Task): Engine[] {
  const rank = ({ installed, defaultFor }: Engine) => (installed ? 0 : 2) + (defaultFor.includes(task) ? 0 : 1);
  return engines.filter(({ tasks }) => tasks.includes(task)).sort((a, b) => rank(a) - rank(b));
}

export const engineOf = (engines: readonly Engine[], { task, engine }: Draft): Engine | undefined => {
  const fitting = enginesFor(engines, task);
  return fitting.find(({ name }) => name === engine) ?? fitting[0];
};

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

export const wrongName = (name: string): string | null =>
  name === "" ? "It needs a name." : !NAME.test(name) ? "Letters, digits, dots, dashes and underscores; it begins with a letter or a digit." : name.length > 120 ? "120 characters at most." : null;

/** What is wrong with a number that may be left out. */
export function wrongAmount(text: string, low: number, high: number): string | null {
  if (text.trim() === "") return null;
  const value = Number(text.replace(",", "."));
  return Number.isFinite(value) && value >= low && value <= high ? null : `A number from ${low} to ${high}.`;
}

/** What is wrong with a whole number from one on that may be left out. */
export const wrongCount = (text: string, most: number): string | null => (text.trim() === "" || (/^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most) ? null : `A whole number from 1 to ${most}.`);

export const MOST_TRIALS = 1000;

const amount = (text: string): number | undefined => (text.trim() === "" || !Number.isFinite(Number(text.replace(",", "."))) ? undefined : Number(text.replace(",", ".")));

/** What is left undefined is not sent. */
const defined = <Name extends string>(values: Record<Name, number | undefined>) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Record<Name, number>>;

/** What is not kept for the test or for looking after itself is learned from. */
const split = (test: number | undefined) => (test === undefined ? {} : { split: { train: Math.round((0.9 - test) * 1000) / 1000, validation: 0.1, test } });

/** Fewer examples than these in the test and a version does not pass its gates. */
export const TEST_EXAMPLES = 30;
const USUAL_SHARE = 0.1;
export const MOST_SHARE = 0.4;

/** The share that would keep enough for the test: null where it does already, or where even the largest would not. */
export function betterShare(examples: number, { testShare }: Pick<Draft, "testShare">): number | null {
  const share = amount(testShare) ?? USUAL_SHARE;
  // Examples that belong together stay together: a little more than the bare share is asked for.
  const wanted = Math.ceil((TEST_EXAMPLES / examples) * 1.2 * 20) / 20;
  return examples * share >= TEST_EXAMPLES || wanted > MOST_SHARE ? null : wanted;
}

/** How many examples would be kept for the test. */
export const keptForTest = (examples: number, { testShare }: Pick<Draft, "testShare">): number => Math.round(examples * (amount(testShare) ?? USUAL_SHARE));

/** What is asked for beside one training: a search, and to be told. */
function wishes({ trials, tellMe }: Draft): Pick<Job, "search" | "notify"> {
  const count = amount(trials);
  return { ...(count !== undefined && { search: { trials: count } }), ...(tellMe && { notify: { me: true } }) };
}

/** What is sent; null while the least is missing. */
export function jobOf(draft: Draft, engine: Engine | undefined): Job | null {
  if (draft.dataset === "" || wrongName(draft.name) !== null) return null;
  const wall = amount(draft.wallMinutes);
  const seed = amount(draft.seed);
  return {
    name: draft.name,
    task: draft.task,
    engine: engine?.name ?? null,
    data: { dataset: draft.dataset, version: draft.version === "" ? null : draft.version, ...defined({ minQuality: amount(draft.minQuality) }), ...split(amount(draft.testShare)) },
    ...(draft.baseVersion !== "" && { baseVersion: draft.baseVersion }),
    params: engine ? paramsOf(fieldsOf(engine.parameters, engine.defaults), draft.params) : {},
    ...(seed !== undefined && { seed }),
    resources: defined({ cpu: amount(draft.cpu), memoryGb: amount(draft.memoryGb) }),
    scheduling: { priority: draft.priority },
    ...wishes(draft),
    limits: defined({ wallSeconds: wall === undefined ? undefined : wall * 60, costUsd: amount(draft.costUsd) }),
  };
}

/** Whether nothing that is typed is known to be wrong. */
export function isRight(draft: Draft, engine: Engine | undefined): boolean {
  const fields = engine ? fieldsOf(engine.parameters, engine.defaults) : [];
  return (
    jobOf(draft, engine) !== null &&
    (engine?.installed ?? true) &&
    fields.every((field) => wrongWith(field, draft.params[field.path] ?? "") === null) &&
    [wrongAmount(draft.minQuality, 0, 1), wrongAmount(draft.testShare, 0.05, MOST_SHARE), wrongAmount(draft.cpu, 0.1, 1024), wrongAmount(draft.memoryGb, 0.1, 65_536), wrongAmount(draft.wallMinutes, 0.1, 43_200), wrongAmount(draft.costUsd, 0, 1e9), wrongCount(draft.trials, MOST_TRIALS)].every((wrong) => wrong === null)
  );
}

type Read = Record<string, unknown>;
const part = (spec: Read, name: string): Read => (typeof spec[name] === "object" && spec[name] !== null ? (spec[name] as Read) : {});
const textOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** A specification that was sent before, as a draft; its data as it is now. */
export function draftOf(spec: Read): Draft {
  const data = part(spec, "data");
  const wall = Number(part(spec, "limits")["wallSeconds"]);
  const test = part(data, "split")["test"];
  return {
    ...noDraft,
    dataset: textOf(data["dataset"]),
    task: (textOf(spec["task"]) || "intent") as Task,
    engine: textOf(spec["engine"]),
    name: textOf(spec["name"]),
    params: typedOf(spec["params"]),
    priority: (textOf(part(spec, "scheduling")["priority"]) || "normal") as Priority,
    testShare: Number(test) > 0 && Number(test) !== USUAL_SHARE ? textOf(test) : "",
    minQuality: Number(data["minQuality"]) > 0 ? textOf(data["minQuality"]) : "",
    cpu: textOf(part(spec, "resources")["cpu"]),
    memoryGb: textOf(part(spec, "resources")["memoryGb"]),
    wallMinutes: Number.isFinite(wall) ? String(wall / 60) : "",
    costUsd: textOf(part(spec, "limits")["costUsd"]),
    seed: textOf(spec["seed"]),
    trials: textOf(part(spec, "search")["trials"]),
  };
}

export const draftOfRun = ({ spec }: Pick<Run, "spec">): Draft => draftOf(spec);
