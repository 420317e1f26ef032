/** A monitor as it is being written: what the form holds, and what is sent of it. Pure. */

import type { MonitorBody } from "../queries";

import type { Monitor, MonitorKind, MonitorRule } from "@/api/watch";
import { metricWords } from "@/lib/watched";

export interface MonitorDraft {
  name: string;
  kind: MonitorKind;
  /** What is watched: "" for all, `model:x` or `route:x`. */
  subject: string;
  metric: string;
  comparison: "above" | "below";
  /** As it is typed: percent, milliseconds or dollars. */
  threshold: string;
  /** In percent. */
  target: string;
  days: string;
  windowMinutes: string;
  minimum: string;
  by: "" | "model" | "route";
  referenceDays: string;
}

interface Choice {
  value: string;
  unit: "%" | "ms" | "USD";
  comparison: "above" | "below";
  threshold: string;
}

/** What a metric is held against where nobody said otherwise. */
export const METRICS: Choice[] = [
  { value: "accuracy", unit: "%", comparison: "below", threshold: "95" },
  { value: "positive_feedback", unit: "%", comparison: "below", threshold: "80" },
  { value: "error_rate", unit: "%", comparison: "above", threshold: "1" },
  { value: "latency_p95", unit: "ms", comparison: "above", threshold: "2000" },
  { value: "latency_p50", unit: "ms", comparison: "above", threshold: "800" },
  { value: "latency_p99", unit: "ms", comparison: "above", threshold: "5000" },
  { value: "cost_per_request", unit: "USD", comparison: "above", threshold: "0.1" },
  { value: "handover", unit: "%", comparison: "above", threshold: "10" },
  { value: "rephrase", unit: "%", comparison: "above", threshold: "10" },
];

export const OBJECTIVES = [
  { value: "errors", target: "99.9", threshold: "" },
  { value: "latency", target: "95", threshold: "2000" },
  { value: "availability", target: "99.99", threshold: "" },
  { value: "cost", target: "", threshold: "0.1" },
];

const usual: MonitorDraft = {
  name: "",
  kind: "metric",
  subject: "",
  metric: "accuracy",
  comparison: "below",
  threshold: "95",
  target: "99.9",
  days: "30",
  windowMinutes: "60",
  minimum: "30",
  by: "",
  referenceDays: "14",
};

export const unitOf = ({ kind, metric }: MonitorDraft): "%" | "ms" | "USD" =>
  kind === "objective" ? (metric === "cost" ? "USD" : "ms") : kind === "metric" ? (METRICS.find(({ value }) => value === metric)?.unit ?? "%") : "%";

/** Drift and estimates are of one model. */
export const needsModel = ({ kind }: Pick<MonitorDraft, "kind">): boolean => kind === "drift" || kind === "estimated_accuracy";

export function withKind(draft: MonitorDraft, kind: MonitorKind): MonitorDraft {
  if (kind === "objective") return withObjective({ ...draft, kind }, "errors");
  if (kind === "metric") return withMetric({ ...draft, kind }, "accuracy");
  return { ...draft, kind, threshold: kind === "estimated_accuracy" ? "95" : "", minimum: kind === "error_patterns" ? "5" : draft.minimum };
}

export function withMetric(draft: MonitorDraft, metric: string): MonitorDraft {
  const choice = METRICS.find(({ value }) => value === metric);
  return { ...draft, metric, ...(choice && { comparison: choice.comparison, threshold: choice.threshold }) };
}

export function withObjective(draft: MonitorDraft, metric: string): MonitorDraft {
  const choice = OBJECTIVES.find(({ value }) => value === metric);
  return { ...draft, metric, ...(choice && { target: choice.target, threshold: choice.threshold }) };
}

const written = (value: number | null | undefined, scale = 1): string => (value == null ? "" : String(Number((value * scale).toPrecision(12))));

export function draftOf(monitor: Monitor | null): MonitorDraft {
  if (monitor === null) return usual;
  const { name, kind, model, route, rule } = monitor;
  const draft: MonitorDraft = {
    ...usual,
    name,
    kind,
    subject: model !== null ? `model:${model}` : route !== null ? `route:${route}` : "",
    metric: rule.metric ?? "",
    comparison: rule.comparison ?? "below",
    target: written(rule.target, 100),
    days: written(rule.days),
    windowMinutes: written(rule.windowMinutes),
    minimum: written(rule.minimum),
    by: rule.by ?? "",
    referenceDays: written(rule.referenceDays),
  };
  return { ...draft, threshold: written(rule.threshold, unitOf(draft) === "%" ? 100 : 1) };
}

/** A number as it is typed; null where there is none. */
function numberOf(text: string): number | null {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() === "" || !Number.isFinite(value) ? null : value;
}

export function wrongNumber(text: string): string | null {
  return numberOf(text) === null ? "A number." : null;
}

export function wrongCount(text: string): string | null {
  return text.trim() === "" || /^[1-9]\d*$/.test(text.trim()) ? null : "A whole number, 1 or more.";
}

export function wrongShare(text: string): string | null {
  const value = numberOf(text);
  return value !== null && value > 0 && value < 100 ? null : "Between 0 and 100.";
}

const share = (text: string) => {
  const value = numberOf(text);
  return value === null ? null : Number((value / 100).toPrecision(12));
};

/** What a monitor is called where nobody named it: `Accuracy of ticket-classifier`. */
export function nameOf({ name, kind, metric, subject }: MonitorDraft): string {
  const of = subject === "" ? "" : ` of ${subject.replace(/^\w+:/, "")}`;
  const kinds: Partial<Record<MonitorKind, string>> = { drift: "Drift", estimated_accuracy: "Estimated accuracy", error_patterns: "Error patterns" };
  return name.trim() || `${kinds[kind] ?? metricWords(metric)}${of}`;
}

/** What of a rule is there. */
const given = (rule: Record<string, unknown>) => Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null && value !== "")) as Partial<MonitorRule>;

const levelOf = (draft: MonitorDraft) => (unitOf(draft) === "%" ? share(draft.threshold) : numberOf(draft.threshold));

function objectiveOf(draft: MonitorDraft): Partial<MonitorRule> | null {
  const { metric } = draft;
  const target = metric === "cost" ? null : share(draft.target);
  const threshold = levelOf(draft);
  const whole = metric === "cost" ? threshold !== null : target !== null && (metric !== "latency" || threshold !== null);
  return whole ? given({ metric, target, threshold, days: numberOf(draft.days) }) : null;
}

/** The rule that is sent; null while it is not whole. */
function ruleOf(draft: MonitorDraft): Partial<MonitorRule> | null {
  const { kind, metric, comparison, windowMinutes, by, referenceDays } = draft;
  const threshold = levelOf(draft);
  const minimum = numberOf(draft.minimum);
  switch (kind) {
    case "objective":
      return objectiveOf(draft);
    case "metric":
      return threshold === null ? null : given({ metric, comparison, threshold, windowMinutes: numberOf(windowMinutes), minimum, by });
    case "drift":
      return given({ referenceDays: numberOf(referenceDays), minimum });
    case "estimated_accuracy":
      return given({ threshold, minimum });
    case "error_patterns":
      return given({ minimum });
  }
}

/** What is sent; null while something is missing. */
export function bodyOf(draft: MonitorDraft, present: Monitor | null): Partial<MonitorBody> | null {
  const rule = ruleOf(draft);
  const [side, name] = draft.subject.split(/:(.*)/s);
  if (rule === null || (needsModel(draft) && side !== "model")) return null;
  if (present !== null) return { name: nameOf(draft), rule };
  return { name: nameOf(draft), kind: draft.kind, rule, ...(side === "model" && { model: name ?? "" }), ...(side === "route" && { route: name ?? "" }) };
}
