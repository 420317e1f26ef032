/** A limit before it is set: numbers as they are typed. Pure. */

import type { LimitCreate, Measure, Subject, Window } from "@/api/schema.gen";

export interface LimitDraft {
  kind: Subject;
  /** The id of what it is on, or its name where there is nothing to choose from; empty for the organization. */
  id: string;
  name: string;
  measure: Measure;
  window: Window;
  amount: string;
  /** Calls go on while the database is away and no quota is held. */
  lenient: boolean;
}

export const emptyDraft: LimitDraft = { kind: "organization", id: "", name: "", measure: "cost", window: "month", amount: "", lenient: false };

const MOST_USD = 1_000_000;
const MOST = 1e15;

/** What is typed as it is sent; commas and spaces between thousands are taken out. */
export const plainAmount = (text: string): string => text.trim().replaceAll(/[\s,](?=\d{3}(\D|$))/g, "").replace(",", ".");

/** What is wrong with an amount, or null. */
export function amountFault(measure: Measure, text: string): string | null {
  const plain = plainAmount(text);
  const money = measure === "cost";
  if (!(money ? /^\d+(\.\d+)?$/ : /^\d+$/).test(plain)) return money ? "An amount is a number of dollars, such as 2000 or 0.5." : "An amount is a whole number, zero or more.";
  if (/\.\d{7,}$/.test(plain)) return "An amount of money has at most six decimals.";
  const most = money ? MOST_USD : MOST;
  return Number(plain) > most ? `An amount is at most ${most.toLocaleString("en-GB")}.` : null;
}

export const complete = ({ kind, id, name, measure, amount }: LimitDraft): boolean =>
  (kind === "organization" || id !== "" || name.trim() !== "") && amountFault(measure, amount) === null;

/** Concurrency is counted now, not in a window. */
export const windowOf = ({ measure, window }: Pick<LimitDraft, "measure" | "window">): Window | null => (measure === "concurrency" ? null : window);

function subjectOf({ kind, id, name }: LimitDraft): LimitCreate["subject"] {
  if (kind === "organization") return { kind };
  return id === "" ? { kind, name: name.trim() } : { kind, id };
}

export function limitBody(draft: LimitDraft): LimitCreate {
  const window = windowOf(draft);
  return {
    subject: subjectOf(draft),
    measure: draft.measure,
    ...(window !== null && { window }),
    amount: plainAmount(draft.amount),
    onStoreLoss: draft.lenient ? "allow" : "deny",
  };
}
