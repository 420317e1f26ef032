/** Monitors in sentences. Pure. */

import type { ModelStanding, Monitor, MonitorState } from "@/api/watch";
import { duration, percentExact, plural } from "@/lib/format";
import { span } from "@/lib/time";
import { metricWords, readsAs, thresholdReadsAs } from "@/lib/watched";

export const states: Record<MonitorState, string> = { ok: "All right", alerting: "Alert", no_data: "No data", silenced: "Silenced" };

/** What the page answers: whether something is wrong, and whether anything is not looked at. A model may be bad that no monitor watches. */
export function answerOf(monitors: readonly Monitor[], models: readonly ModelStanding[] = []): string {
  const on = monitors.filter(({ enabled }) => enabled);
  if (on.length === 0) return "Nothing is watched.";
  const wrong = on.filter(({ state }) => state === "alerting");
  const blind = on.filter(({ state }) => state === "no_data").length;
  const unseen = blind === 0 ? "" : `; ${blind === 1 ? "1 has" : `${blind} have`} nothing to measure yet`;
  const [first, ...others] = wrong;
  if (first === undefined) return criticalWords(models) ?? calm(on.length - blind, unseen);
  return `${first.name}${others.length === 0 ? " finds" : ` and ${plural(others.length, "other")} find`} something wrong${unseen}.`;
}

function calm(seeing: number, unseen: string): string {
  return seeing === 0 ? "No monitor has anything to measure yet." : `All is right, as far as ${plural(seeing, "monitor")} ${seeing === 1 ? "sees" : "see"}${unseen}.`;
}

function criticalWords(models: readonly ModelStanding[]): string | null {
  const [first, ...others] = models.filter(({ status }) => status.status === "critical");
  if (first === undefined) return null;
  return `${first.modelId}${others.length === 0 ? " is" : ` and ${plural(others.length, "other model")} are`} critical; no monitor rings for it.`;
}

/** What it looks at: `Accuracy of ticket-classifier`. */
export const subjectOf = ({ model, route }: Pick<Monitor, "model" | "route">): string => model ?? (route === null ? "all calls" : `route ${route}`);

const COUNTED: Record<string, string> = { availability: "minutes", accuracy: "answers", positive_feedback: "answers" };

/** What its measurements rest on: `minutes`. */
export const countedBy = ({ kind, rule: { metric } }: Pick<Monitor, "kind" | "rule">): string => (kind === "estimated_accuracy" ? "answers" : (COUNTED[metric ?? ""] ?? "calls"));

/** When a monitor is not content, in a sentence. */
export function ruleWords(monitor: Monitor): string {
  const of = subjectOf(monitor);
  return sentences[monitor.kind](monitor, of);
}

type Sentence = (monitor: Monitor, of: string) => string;

const metricSentence: Sentence = (monitor, of) => {
  const { rule } = monitor;
  const level = rule.threshold == null ? "" : ` is ${rule.comparison ?? "above"} ${thresholdReadsAs(monitor)(rule.threshold)} by more than chance`;
  const window = rule.windowMinutes == null ? "" : ` over ${span(rule.windowMinutes * 60)}`;
  const apart = rule.by == null ? "" : `, each ${rule.by} apart`;
  const least = rule.minimum == null ? "" : `, on ${plural(rule.minimum, "call")} at least`;
  return `It rings when ${metricWords(rule.metric ?? "it").toLowerCase()} of ${of}${level}${window}${apart}${least}.`;
};

const sentences: Record<Monitor["kind"], Sentence> = {
  metric: metricSentence,
  objective: (monitor, of) => objectiveWords(monitor, of),
  drift: ({ rule }, of) => `It compares what ${of} is asked with what its live version was trained on, and with the first ${rule.referenceDays == null ? "days" : plural(rule.referenceDays, "day")} of that version, or those before. It rings when the difference costs right answers.`,
  estimated_accuracy: (monitor, of) => `It estimates from the model's own confidence how many answers of ${of} are right${monitor.rule.threshold == null ? "" : `, and rings below ${readsAs(monitor)(monitor.rule.threshold)}`}.`,
  error_patterns: ({ rule }) => `It tells of errors of a kind that was not seen before${rule.minimum == null ? "" : `, when they come ${rule.minimum} times`}.`,
};

function objectiveWords({ rule }: Monitor, of: string): string {
  const days = rule.days == null ? "" : ` over ${plural(rule.days, "day")}`;
  const share = rule.target == null ? "" : `${percentExactly(rule.target)} of `;
  const calls = of === "all calls" ? of : `calls of ${of}`;
  const rings = "It rings when the budget for the rest burns too fast.";
  if (rule.metric === "cost") return `A request of ${of} is to cost less than ${rule.threshold == null ? "its limit" : `$${rule.threshold.toFixed(2)}`}${days}.`;
  if (rule.metric === "latency") return `${share}${calls} are to be answered within ${rule.threshold == null ? "their time" : duration(rule.threshold)}${days}. ${rings}`;
  if (rule.metric === "availability") return `${share}minutes are to be without an outage${days}. ${rings}`;
  return `${share}${calls} are to succeed${days}. ${rings}`;
}

/** Objectives are written with all of their nines. */
function percentExactly(share: number): string {
  return share > 0.99 ? `${Number((share * 100).toFixed(4))}\u202f%` : percentExact(share);
}
