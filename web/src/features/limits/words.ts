/** Limits in words: what they allow, and how far that is used. Pure. */

import type { LimitRead, Measure, Subject, Window } from "@/api/schema.gen";
import { count, plural, usd } from "@/lib/format";
import { zonedTime } from "@/lib/time";

export const measures: Record<Measure, { label: string; help: string; unit: string }> = {
  cost: { label: "Cost", help: "US dollars, of every attempt.", unit: "USD" },
  requests: { label: "Requests", help: "Calls; on a model, attempts at it.", unit: "requests" },
  tokens: { label: "Tokens", help: "Input and output, of every attempt.", unit: "tokens" },
  concurrency: { label: "Calls at a time", help: "Calls in progress; it needs no window.", unit: "calls" },
};

export const windows: Record<Window, string> = { minute: "a minute", day: "a day", month: "a month" };

export const subjects: Record<Subject, string> = {
  organization: "Organization",
  team: "Team",
  person: "Person",
  key: "Key",
  route: "Route",
  model: "Model",
};

/** When a window starts anew, by the calendar. */
export const calendar: Record<Window, string> = {
  minute: "each minute",
  day: "each day at 00:00 UTC",
  month: "on the first of each month, 00:00 UTC",
};

function dollars(amount: number): string {
  if (amount > 0 && amount < 1e-6) return usd(amount);
  return `$${amount.toLocaleString("en-GB", { minimumFractionDigits: Number.isInteger(amount) ? 0 : 2, maximumFractionDigits: 6 })}`;
}

const NARROW_SPACE = "\u202f";
const sizes: [number, string][] = [
  [1e9, "bn"],
  [1e6, "M"],
];

/** What somebody set is told to the last digit: `50 M` is short for nothing else. */
function exact(amount: number): string {
  const [size, unit] = sizes.find(([each]) => amount >= each && amount % (each / 100) === 0) ?? [1, ""];
  return `${(amount / size).toLocaleString("en-GB")}${unit && NARROW_SPACE + unit}`;
}

const units: Record<Exclude<Measure, "cost">, [string, string]> = {
  requests: ["request", "requests"],
  tokens: ["token", "tokens"],
  concurrency: ["call", "calls"],
};

/** `$1,240.50`, `6,000 requests`, `20 calls`. */
export function quantity(measure: Measure, amount: number): string {
  if (measure === "cost") return dollars(amount);
  const [one, many] = units[measure];
  return `${exact(amount)} ${amount === 1 ? one : many}`;
}

/** `$2,000 a month`, `6,000 requests a minute`, `20 calls at a time`. */
export const allowance = (measure: Measure, window: Window | null, amount: number): string =>
  `${quantity(measure, amount)} ${window === null ? "at a time" : windows[window]}`;

/** What was used, beside its amount and as short: `$1,241`, `3,812`. */
export const figure = (measure: Measure, amount: number): string => (measure === "cost" ? usd(amount) : count(amount));

/** What a limit is on: its name, or what is known of one that is gone or hidden. */
export function subjectName({ subject: { kind, name, id } }: LimitRead): string {
  return kind === "organization" ? "Organization" : (name ?? id);
}

/** The same within a sentence. */
export const subjectInText = (limit: LimitRead): string => (limit.subject.kind === "organization" ? "the organization" : subjectName(limit));

type Standing = "room" | "near" | "full" | "refused";
const NEAR = 0.8;

/** How much of the present window is used, and what that means for calls. */
export function standing({ amount, use }: LimitRead): { share: number; promised: number; is: Standing } {
  const [most, used, reserved] = [Number(amount), Number(use.used), Number(use.reserved)];
  const share = most > 0 ? used / most : 1;
  const promised = most > 0 ? reserved / most : 0;
  if (use.refusing) return { share, promised, is: "refused" };
  if (share >= 1) return { share, promised, is: "full" };
  return { share, promised, is: share >= NEAR ? "near" : "room" };
}

export const standings: Record<Standing, string> = { room: "Has room", near: "Nearly used up", full: "Used up", refused: "Refused calls" };

/** `1 Jul, 02:00 CEST`; a minute is over before one has read when. */
export function startsAnew({ window, use: { resetsAt } }: LimitRead): string {
  if (window === "minute") return "each minute";
  return resetsAt === null ? "–" : zonedTime(resetsAt);
}

/** What wants to be looked at first, in a sentence; nothing is said of nothing. */
export function answerOf(limits: readonly LimitRead[]): string {
  if (limits.length === 0) return "";
  const tight = limits.filter((limit) => standing(limit).is !== "room");
  const shut = tight.filter((limit) => standing(limit).is !== "near");
  const [first] = shut.length > 0 ? shut : tight;
  if (first === undefined) return limits.length === 1 ? "The limit has room." : `All ${count(limits.length)} limits have room.`;
  const told = `${subjectName(first)}, ${allowance(first.measure, first.window, Number(first.amount))}`;
  if (shut.length > 1) return `${count(shut.length)} of ${plural(limits.length, "limit")} are used up or refused calls in their present window.`;
  if (shut.length === 1) return `One limit ${standing(first).is === "full" ? "is used up" : "refused calls in its present window"}: ${told}.`;
  return tight.length > 1 ? `${count(tight.length)} of ${plural(limits.length, "limit")} are nearly used up.` : `One limit is nearly used up: ${told}.`;
}
