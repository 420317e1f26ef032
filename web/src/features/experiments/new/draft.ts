/** An experiment before it is started: what is chosen, and what is sent. Pure. */

import type { Choice } from "../queries";

import type { ArmKind, Experiment, ExperimentBody, ExperimentChangeBody, MetricRole, Method, PlanBody, Unit } from "@/api/experiments";
import { OUTCOMES } from "@/lib/outcomes";
import { without } from "@/lib/url-state";

/** The steps, in the order in which one thinks. */
export const STEPS = ["Question", "Arms", "Measures", "Audience", "Duration", "Review"] as const;
export type Step = (typeof STEPS)[number];

export interface ArmDraft {
  name: string;
  kind: ArmKind;
  ref: string;
  prompt: string;
  /** In percent. */
  share: string;
}

export interface Draft {
  name: string;
  hypothesis: string;
  /** What clients call. */
  target: string;
  /** The first is what answers today. */
  arms: ArmDraft[];
  primary: string;
  /** What must not get worse, each with how much it may all the same, in percent. */
  guardrails: Record<string, string>;
  secondary: string[];
  unit: Unit;
  /** In percent. */
  coverage: string;
  /** The smallest change worth knowing, in percent of what it is today. */
  effect: string;
  method: Method;
  alpha: string;
  power: string;
  mode: "fixed" | "bandit";
}

const CONTROL = "control";
const MOST_ARMS = 4;

export const noDraft: Draft = {
  name: "",
  hypothesis: "",
  target: "",
  arms: [arm(CONTROL), arm("treatment")],
  primary: "positive_feedback",
  guardrails: { error_rate: "5", latency_ms: "20" },
  secondary: ["cost_usd"],
  unit: "user",
  coverage: "100",
  effect: "5",
  method: "always_valid",
  alpha: "0.05",
  power: "0.8",
  mode: "fixed",
};

function arm(name: string): ArmDraft {
  return { name, kind: "model", ref: "", prompt: "", share: "50" };
}

/** What clients call is chosen: it is what answers today, and the first arm. */
export function withTarget(draft: Draft, choice: Choice): Draft {
  const [, ...others] = draft.arms;
  const control: ArmDraft = { ...arm(CONTROL), kind: choice.kind === "route" ? "route" : "model", ref: choice.name, share: draft.arms[0]?.share ?? "50" };
  const kind: ArmKind = choice.versions.length > 0 ? "version" : "model";
  // A model stays chosen; a version is one of what was called before.
  const refOf = (each: ArmDraft) => (each.kind === "model" && each.ref !== choice.name ? each.ref : "");
  return { ...draft, target: choice.name, arms: [control, ...others.map((each) => (each.prompt !== "" ? each : { ...each, kind, ref: choice.versions[0] ?? refOf(each) }))] };
}

/** Another arm, and all of them as large as each other. */
export function withArm(draft: Draft): Draft {
  if (draft.arms.length >= MOST_ARMS) return draft;
  const taken = new Set(draft.arms.map(({ name }) => name));
  const name = [2, 3, 4].map((number) => `treatment-${number}`).find((each) => !taken.has(each)) ?? "another";
  return { ...draft, arms: evened([...draft.arms, { ...arm(name), kind: draft.arms[1]?.kind ?? "model" }]) };
}

export const withoutArm = (draft: Draft, place: number): Draft => ({ ...draft, arms: evened(draft.arms.filter((_, index) => index !== place)) });

export const mayAdd = ({ arms }: Draft): boolean => arms.length < MOST_ARMS;

/** Equal shares of whole percents; what is left over is the first's. */
function evened(arms: readonly ArmDraft[]): ArmDraft[] {
  const each = Math.floor(100 / arms.length);
  return arms.map((one, index) => ({ ...one, share: String(index === 0 ? 100 - each * (arms.length - 1) : each) }));
}

const numberOf = (text: string): number => (text.trim() === "" ? NaN : Number(text.trim().replace(",", ".")));
/** Hundredths of a percent: no dust of binary fractions is sent. */
const part = (percent: string): number => Math.round(numberOf(percent) * 100) / 10_000;

/** What is wrong with a percentage. */
export function wrongPercent(text: string, least = 1, most = 100): string | null {
  const value = numberOf(text);
  return value >= least && value <= most ? null : `A number from ${least} to ${most}.`;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;

/** What keeps one from going on, by step; empty where nothing does. */
export function problems(draft: Draft): Record<Step, string | null> {
  return {
    Question: draft.name.trim() === "" ? "Give it a name." : draft.target === "" ? "Choose what is to be compared." : null,
    Arms: wrongArms(draft.arms),
    Measures: draft.primary === "" ? "Choose what decides." : (Object.values(draft.guardrails).map((margin) => wrongPercent(margin, 0.1)).find((each) => each !== null) ?? null),
    Audience: wrongPercent(draft.coverage),
    Duration: wrongPercent(draft.effect, 0.1, 1000),
    Review: null,
  };
}

function wrongArms(arms: readonly ArmDraft[]): string | null {
  const [, ...others] = arms;
  const empty = others.find(({ kind, ref, prompt }) => (kind === "prompt" ? prompt.trim() === "" : ref === ""));
  if (empty) return empty.kind === "prompt" ? `Write the prompt of ${empty.name}.` : `Choose what ${empty.name} answers with.`;
  const misnamed = arms.find(({ name }) => !NAME.test(name) || name === "shadow");
  if (misnamed) return "A name of an arm has letters, digits, dots, dashes and underscores.";
  if (new Set(arms.map(({ name }) => name)).size < arms.length) return "Two arms have one name.";
  return Math.abs(arms.reduce((sum, { share }) => sum + numberOf(share), 0) - 100) < 0.01 ? null : "The shares make 100 % together.";
}

/** What was chosen as one measure is no other any more. */
export function withPrimary(draft: Draft, primary: string): Draft {
  return { ...draft, primary, guardrails: without(draft.guardrails, primary), secondary: draft.secondary.filter((key) => key !== primary) };
}

export type Watched = "no" | "secondary" | "guardrail";

export const watchedAs = ({ guardrails, secondary }: Draft, key: string): Watched => (key in guardrails ? "guardrail" : secondary.includes(key) ? "secondary" : "no");

export function withWatched(draft: Draft, key: string, watched: Watched): Draft {
  const { [key]: margin = "5", ...guardrails } = draft.guardrails;
  const secondary = draft.secondary.filter((each) => each !== key);
  return { ...draft, guardrails: watched === "guardrail" ? { ...guardrails, [key]: margin } : guardrails, secondary: watched === "secondary" ? [...secondary, key] : secondary };
}

const metric = (key: string, role: MetricRole, margin?: number) => ({ key, role, ...(margin !== undefined && { margin }) });

/** What is asked to be planned; null while a step is not done. */
export function planOf(draft: Draft): PlanBody | null {
  if (Object.values({ ...problems(draft), Question: draft.target === "" ? "" : null }).some((each) => each !== null)) return null;
  // What an application measures itself is none of those that are listed, and is kept all the same.
  const order = [...new Set([...Object.keys(OUTCOMES), ...Object.keys(draft.guardrails), ...draft.secondary])].filter((key) => key !== draft.primary);
  return {
    target: draft.target,
    unit: draft.unit,
    ...(draft.coverage !== "100" && { coverage: part(draft.coverage) }),
    arms: draft.arms.map(({ name, kind, ref, prompt, share }) => ({ name, kind, ...(ref !== "" && { ref }), share: part(share), ...(kind === "prompt" && { prompt: prompt.trim() }) })),
    metrics: [
      metric(draft.primary, "primary"),
      ...order.flatMap((key) => {
        const margin = draft.guardrails[key];
        return margin !== undefined ? [metric(key, "guardrail", part(margin))] : draft.secondary.includes(key) ? [metric(key, "secondary")] : [];
      }),
    ],
    method: draft.method,
    ...(draft.alpha !== "0.05" && { alpha: Number(draft.alpha) }),
    ...(draft.power !== "0.8" && { power: Number(draft.power) }),
    minimumEffect: part(draft.effect),
  };
}

/** What is sent to create it. */
export function bodyOf(draft: Draft): ExperimentBody | null {
  const plan = planOf(draft);
  if (plan === null || draft.name.trim() === "") return null;
  return { name: draft.name.trim(), hypothesis: draft.hypothesis.trim(), mode: draft.mode, ...plan };
}

const percentOf = (share: number): string => String(Math.round(share * 10_000) / 100);

/** An experiment as it stands, to be changed or made another of. */
export function draftOf({ name, hypothesis, target, arms, metrics, unit, coverage, minimumEffect, method, alpha, power, mode }: Experiment): Draft {
  const of = (role: MetricRole) => metrics.filter((each) => each.role === role);
  return {
    name,
    hypothesis,
    target,
    arms: arms.map(({ name: called, kind, ref, share, prompt }) => ({ name: called, kind, ref: ref ?? "", prompt: prompt ?? "", share: percentOf(share) })),
    primary: of("primary")[0]?.key ?? noDraft.primary,
    guardrails: Object.fromEntries(of("guardrail").map(({ key, margin }) => [key, percentOf(margin ?? 0.05)])),
    secondary: of("secondary").map(({ key }) => key),
    unit,
    coverage: percentOf(coverage),
    effect: percentOf(minimumEffect),
    method,
    alpha: String(alpha),
    power: String(power),
    mode,
  };
}

/** What is sent to change a draft: only what is otherwise, so that nothing is lost that the form does not show. */
export function changeOf(before: Experiment, draft: Draft): ExperimentChangeBody | null {
  const whole = (each: Draft): ExperimentBody | null => {
    const body = bodyOf(each);
    return body && { ...body, coverage: part(each.coverage), alpha: Number(each.alpha), power: Number(each.power) };
  };
  const [was, now] = [whole(draftOf(before)), whole(draft)];
  if (now === null) return null;
  const changed = Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(was?.[key as keyof ExperimentBody]));
  return { version: before.version, ...Object.fromEntries(changed) };
}
