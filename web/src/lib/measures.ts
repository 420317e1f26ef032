/** What is measured of models: its names, and how its values are read. Pure. */

import { bytes, percentExact } from "./format";

const MEASURES = ["accuracy", "f1", "spanF1", "answerRecall", "macroF1", "loss"] as const;

/** The one figure that a model is known by. */
export function headline(figures: Record<string, number | null | undefined> | null | undefined): { name: string; value: number } | null {
  for (const name of MEASURES) {
    const value = figures?.[name];
    if (typeof value === "number") return { name, value };
  }
  return null;
}

const NAMES: Record<string, string> = {
  accuracy: "Accuracy",
  macroF1: "Macro F1",
  microF1: "Micro F1",
  weightedF1: "Weighted F1",
  spanF1: "Span F1",
  f1: "F1",
  ece: "Calibration error",
  oosRecall: "Out-of-scope recall",
  outOfScopeRecall: "Out-of-scope recall",
  falseAlarms: "False alarms",
  p50Ms: "Latency, median",
  p95Ms: "Latency, 95 of 100",
  latencyP50Ms: "Latency, median",
  latencyP95Ms: "Latency, 95 of 100",
  n: "People or conversations",
  latencyP50: "Latency, median",
  latencyP95: "Latency, 95 of 100",
  lr: "learning rate",
};

/** `macroF1` and `macro_f1` read as `Macro F1`. */
export function measure(name: string): string {
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const words = camel.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return NAMES[camel] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** Inside of a sentence: `macro F1`. */
export function measureInWords(name: string): string {
  const words = measure(name);
  return /^.[A-Z0-9]/.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);
}

const SHARES = /accuracy|f1|recall|precision|ece|error|rate|coverage|share|auroc|alarms|majority/i;

export const isShare = (name: string): boolean => SHARES.test(name) && !/learning/i.test(name);

/** A figure as it is read: shares in percent, times in milliseconds, the rest as it is. */
export function figure(name: string, value: number): string {
  if (isShare(name) && value >= 0 && value <= 1) return percentExact(value);
  if (/ms$|latency/i.test(name)) return `${value.toPrecision(3)} ms`;
  if (name === "size") return bytes(value);
  return number(value);
}

export function number(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return value.toLocaleString("en-GB");
  return Math.abs(value) >= 1e-3 ? value.toLocaleString("en-GB", { maximumSignificantDigits: 4 }) : value.toExponential(1);
}
