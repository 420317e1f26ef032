/** Experiments in sentences. Pure. */

import type { Arm, Experiment, ExperimentState, Method, MetricRole, Unit, VerdictState } from "@/api/experiments";
import { count, percent, plural } from "@/lib/format";

export const states: Record<ExperimentState, string> = { draft: "Draft", running: "Running", paused: "Paused", stopped: "Stopped", decided: "Decided" };

export const methods: Record<Method, { name: string; help: string }> = {
  always_valid: { name: "Look whenever you like", help: "The interval holds at every moment, so one may stop as soon as it is clear. It takes some more people for it." },
  sequential: { name: "Look a few times, at planned moments", help: "Nearly as quick as one look, and it may end early when the difference is large." },
  fixed: { name: "Look once, at the end", help: "Needs the fewest people. Whoever decides earlier is fooled by chance more often than the figures say." },
};

export const roles: Record<MetricRole, string> = { primary: "decides", secondary: "also looked at", guardrail: "must not get worse" };

const UNITS: Record<Unit, [string, string]> = { user: ["person", "people"], conversation: ["conversation", "conversations"] };

/** `1 person`, `12,400 people`. */
export const unitsOf = (value: number, unit: Unit): string => plural(value, ...UNITS[unit]);
export const unitName = (unit: Unit): string => UNITS[unit][1];

export const isOpen = ({ state }: Pick<Experiment, "state">): boolean => state === "running" || state === "paused";

/** What can be done to an experiment in this state. */
export function offered({ state, decided }: Pick<Experiment, "state" | "decided">) {
  return {
    start: state === "draft",
    change: state === "draft",
    /** What has started cannot be changed, and what is learned of it asks for the next one. */
    copy: state !== "draft",
    remove: state === "draft",
    pause: state === "running",
    resume: state === "paused",
    stop: state === "running" || state === "paused",
    /** An arm that was decided for stands in the place of what is called, until it is taken away. */
    take: state === "decided" && (decided?.standing ?? false),
    decide: state === "running" || state === "paused",
  };
}

/** Days that are left of an experiment until it has what it was planned to have; null where nobody knows. */
export function daysLeft({ plan, arms, units, state }: Pick<Experiment, "plan" | "arms" | "units" | "state">): number | null {
  const wanted = wantedUnits({ plan, arms });
  if (state !== "running" || wanted === null || !plan?.unitsPerDay) return null;
  return Math.max(0, (wanted - (units ?? 0)) / plan.unitsPerDay);
}

/** How many units all arms together were planned to have. */
export function wantedUnits({ plan, arms }: Pick<Experiment, "plan" | "arms">): number | null {
  return plan?.unitsPerArm == null ? null : plan.unitsPerArm * arms.length;
}

/** To a unit that says enough: `about 9 days`, `about 5 hours`, `soon`. */
export function aboutDays(days: number): string {
  if (days <= 0) return "it has what was planned";
  if (days < 1 / 24) return "within the hour";
  if (days < 1) return `about ${plural(Math.ceil(days * 24), "hour")}`;
  return days > 365 ? "more than a year" : `about ${plural(Math.ceil(days), "day")}`;
}

/** What an arm answers with. */
export function answersWith({ kind, ref, prompt }: Pick<Arm, "kind" | "ref" | "prompt">, target: string): string {
  if (kind === "prompt" || prompt) return `${ref && ref !== target ? ref : target} with another system prompt`;
  if (kind === "version") return `version ${ref ?? "?"}`;
  return ref === null || ref === target ? `${target}, as it is` : `${kind} ${ref}`;
}

/** What starting does, in a sentence. */
export function willSplit({ arms, target, unit, coverage }: Pick<Experiment, "arms" | "target" | "unit" | "coverage">): string {
  const [, ...others] = arms;
  const told = others.map((arm) => `${percent(arm.share * coverage)} by ${answersWith(arm, target)}`);
  const whose = unit === "user" ? "Each person stays with the arm they got" : "Each conversation stays with the arm it got";
  return `Of the calls of ${target}, ${told.join(", ")}; the rest as now. ${whose}.`;
}

/** How a verdict looks. */
export const verdictTone: Record<VerdictState, "good" | "bad" | "warn" | "quiet"> = {
  not_enough: "quiet",
  winner: "good",
  loser: "bad",
  no_difference: "quiet",
  futile: "quiet",
  guardrail_broken: "bad",
  sample_ratio_mismatch: "warn",
};

export const verdictNames: Record<VerdictState, string> = {
  not_enough: "Not enough yet",
  winner: "A winner",
  loser: "Worse",
  no_difference: "No difference",
  futile: "Hardly worth it",
  guardrail_broken: "Harm",
  sample_ratio_mismatch: "Cannot be trusted",
};

/** The page's answer for all experiments. */
export function answerOf(experiments: readonly Pick<Experiment, "state" | "verdict" | "name">[]): string {
  if (experiments.length === 0) return "";
  const running = experiments.filter(({ state }) => state === "running");
  const clear = running.filter(({ verdict }) => verdict !== null && verdict.state !== "not_enough");
  const [first] = clear;
  const runs = running.length === 0 ? "No experiment runs" : `${count(running.length)} ${running.length === 1 ? "experiment runs" : "experiments run"}`;
  if (!first) return `${runs}.`;
  return clear.length === 1 ? `${runs}; ${first.name} can be decided.` : `${runs}; ${clear.length} can be decided.`;
}
