/** What monitors watch: its names, and how its values are read. Pure. */

import { count, duration, percentExact, usd } from "./format";
import { number } from "./measures";

const METRICS: Record<string, string> = {
  error_rate: "Failed calls",
  latency_p50: "Response time, median",
  latency_p95: "Response time, 95 of 100",
  latency_p99: "Response time, 99 of 100",
  cost_per_request: "Cost of a request",
  accuracy: "Accuracy",
  positive_feedback: "Positive feedback",
  handover: "Handed to a person",
  rephrase: "Asked again in other words",
  errors: "Calls that succeed",
  latency: "Calls in time",
  cost: "Cost of a request",
  availability: "Availability",
};

const KINDS: Record<string, string> = {
  metric: "Metric",
  objective: "Objective",
  drift: "Drift",
  estimated_accuracy: "Estimated accuracy",
  error_patterns: "Error patterns",
};

/** A server that is newer than this page may know more. */
export const metricWords = (metric: string): string => METRICS[metric] ?? metric.replaceAll("_", " ");
export const kindWords = (kind: string): string => KINDS[kind] ?? kind.replaceAll("_", " ");

interface Watched {
  kind: string;
  rule: { metric?: string | null; comparison?: string | null; threshold?: number | null; target?: number | null };
}

const SLOW: Record<string, number> = { latency_p50: 0.5, latency_p95: 0.95, latency_p99: 0.99 };

/** What its values are: `Accuracy`, `Drift`, `Calls slower than 2.00 s`. */
export function measuredBy({ kind, rule: { metric, threshold } }: Watched): string {
  if (metric == null) return kind === "error_patterns" ? "New error patterns" : kindWords(kind);
  return Object.hasOwn(SLOW, metric) && threshold != null ? `Calls slower than ${duration(threshold)}` : metricWords(metric);
}

type Unit = "share" | "time" | "usd" | "plain";

const OBJECTIVES = ["errors", "latency", "cost", "availability"];
const COSTS = ["cost_per_request", "cost"];

/** A percentile is watched by the share of calls that take longer, so its values are shares, too. */
function unitOf({ kind, rule: { metric } }: Watched): Unit {
  if (metric != null) return COSTS.includes(metric) ? "usd" : "share";
  return kind === "estimated_accuracy" ? "share" : "plain";
}

/** What an alert was about whose monitor is gone: its kind is a metric, or a kind of monitor. */
export const watchedAs = (kind: string): Watched => (Object.hasOwn(METRICS, kind) ? { kind: OBJECTIVES.includes(kind) ? "objective" : "metric", rule: { metric: kind } } : { kind, rule: {} });

export const isShareOf = (watched: Watched): boolean => unitOf(watched) === "share";

/** Errors of a thousandth and objectives of four nines are told apart. */
export const formatShare = (value: number): string => (value > 0 && (value < 0.01 || value > 0.99) && value < 1 ? `${(value * 100).toFixed(2)}\u202f%` : percentExact(value));

const formats: Record<Unit, (value: number) => string> = {
  share: formatShare,
  time: duration,
  usd,
  plain: (value) => (Number.isInteger(value) ? count(value) : number(value)),
};

/** How a value of it is read. */
export const readsAs = (watched: Watched): ((value: number) => string) => formats[unitOf(watched)];

/** How what it is held against is read. */
export const thresholdReadsAs = (watched: Watched): ((value: number) => string) => (watched.rule.metric?.startsWith("latency") ? formats.time : readsAs(watched));

/** The level that its values are held against, with its name. */
export function levelOf(watched: Watched): { value: number; name: string } | null {
  const { kind, rule } = watched;
  const format = readsAs(watched);
  if (kind === "objective" && rule.target != null) return { value: rule.target, name: `objective ${format(rule.target)}` };
  const slow = rule.metric == null ? undefined : SLOW[rule.metric];
  if (slow !== undefined) return { value: 1 - slow, name: `at most ${format(1 - slow)}` };
  if (rule.threshold == null) return null;
  const least = rule.comparison === "below" || kind === "estimated_accuracy";
  return { value: rule.threshold, name: `${least ? "at least" : "at most"} ${format(rule.threshold)}` };
}
