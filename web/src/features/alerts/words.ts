/** Alerts in sentences. Pure. */

import type { Alert, AlertDelivery, AlertPage, AlertState } from "@/api/watch";
import { plural } from "@/lib/format";
import { figure, measure, number } from "@/lib/measures";

export const states: Record<AlertState, string> = { open: "Open", acknowledged: "Seen to", resolved: "Resolved", silenced: "Silenced" };

/** What the page answers: whether somebody has to act. */
export function answerOf({ open }: Pick<AlertPage, "open">): string {
  const [critical, warning, info] = (["critical", "warning", "info"] as const).map((each) => open[each] ?? 0) as [number, number, number];
  const all = critical + warning + info;
  if (all === 0) return "Nothing is wrong, as far as the monitors see.";
  const parts = [critical > 0 ? `${critical} critical` : "", warning > 0 ? plural(warning, "warning") : "", info > 0 ? plural(info, "note") : ""].filter(Boolean);
  return `${all === 1 ? "One alert is" : `${all} alerts are`} not resolved: ${parts.join(", ")}.`;
}

export const isOver = ({ state }: Pick<Alert, "state">): boolean => state === "resolved";

/** What it is about: the model, else the route, else all. */
export const subjectOf = ({ model, route }: Pick<Alert, "model" | "route">): string => model ?? (route === null ? "everything" : `route ${route}`);

/** What is told by its own line, by the chart, or by the words. */
const TOLD_ELSEWHERE = new Set(["operations", "value", "low", "high", "n", "threshold", "evidence", "windowMinutes", "template", "slice", "firstAt", "lastAt"]);

/** What is the same measure at another time, and reads as the value does. */
const ALIKE = new Set(["before", "former", "now", "live"]);

const NAMES: Record<string, string> = { bad: "Of them not good", burnRate: "The budget burns", models: "Most of them by", errors: "Most of them with" };

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

interface Formats {
  value: (value: number) => string;
  threshold: (value: number) => string;
}

/** The numbers that an alert rests on: its value with its interval first, then whatever else was told. */
export function numbersOf({ evidence }: Pick<Alert, "evidence">, format: Formats): { name: string; value: string }[] {
  const { value, low, high, n, threshold } = evidence;
  const interval = isNumber(low) && isNumber(high) ? ` (${format.value(low)} to ${format.value(high)})` : "";
  const first = [
    { name: "Measured", value: isNumber(value) ? `${format.value(value)}${interval}` : "" },
    { name: "Held against", value: isNumber(threshold) ? format.threshold(threshold) : "" },
    { name: "It rests on", value: isNumber(n) ? plural(n, "call") : "" },
  ];
  const others = Object.entries(evidence)
    .filter(([name]) => !TOLD_ELSEWHERE.has(name))
    .map(([name, told]) => ({ name: NAMES[name] ?? measure(name), value: isNumber(told) && ALIKE.has(name) ? format.value(told) : toldAs(name, told) }));
  return [...first, ...others].filter((each) => each.value !== "");
}

function toldAs(name: string, told: unknown): string {
  if (isNumber(told)) return name === "burnRate" ? `${number(told)} times as fast as it may` : figure(name, told);
  if (typeof told === "string") return told;
  // How many calls were of each.
  const counts = isRecord(told) ? Object.entries(told).filter((entry): entry is [string, number] => isNumber(entry[1])) : [];
  return counts.map(([each, times]) => `${each} (${number(times)})`).join(", ");
}

/** The calls that moved it, by their ids. */
export function operationsOf({ evidence }: Pick<Alert, "evidence">): string[] {
  const told = evidence["operations"];
  return Array.isArray(told) ? told.filter((each) => typeof each === "string") : [];
}

const events: Record<string, string> = { opened: "that it opened", reopened: "that it is back", worse: "that it got worse", resolved: "that it is over", digest: "the digest", test: "a test" };

/** `told Operations that it opened`. */
export function deliveryWords({ channel, event, state, attempts, maybeTwice }: AlertDelivery): string {
  const what = events[event] ?? event;
  if (state === "delivered") return `${channel} was told ${what}${maybeTwice ? ", perhaps twice" : ""}`;
  if (state === "failed") return `${channel} could not be told ${what}, after ${plural(attempts, "attempt")}`;
  if (state === "cancelled") return `${channel} need not be told ${what} any more`;
  return attempts === 0 ? `${channel} is being told ${what}` : `${channel} could not be told ${what} yet: ${plural(attempts, "attempt")} so far, and it is tried again`;
}
