import { part } from "./segments";
import type { DatasetRead, FindingKind, Input, Kind, Output, Source, Span, Split, Status } from "./shapes";

import { plural } from "@/lib/format";

/** What is learned from a dataset of a kind. */
export const kinds: Record<Kind, { label: string; help: string; input: string; output: string }> = {
  intent: { label: "Intents", help: "A text, and the one label it belongs to.", input: "Text", output: "Label" },
  entity: { label: "Entities", help: "A text, and the parts of it that have a name: a date, a place, a product.", input: "Text", output: "Entities" },
  response: { label: "Answers", help: "A question, and the answer that was approved.", input: "Question", output: "Answer" },
  chat: { label: "Conversations", help: "Messages, and the reply that should follow.", input: "Messages", output: "Reply" },
  preference: { label: "Preferences", help: "Messages, and of two replies the better one.", input: "Messages", output: "Better reply" },
};

export const statuses: Record<Status, string> = { pending: "Needs review", validated: "Approved", rejected: "Rejected" };
export const sources: Record<Source, string> = { user: "Users", expert: "Experts", automated: "Automated", knowledge: "Knowledge" };
export const findingKinds: Record<FindingKind, string> = {
  duplicates: "Doubles",
  contradictions: "Contradictions",
  labels: "Wrong labels",
  leakage: "Leaks between splits",
  pii: "Personal data",
  outliers: "Outliers",
};

export const splits: Record<Split, string> = { train: "Training", validation: "Validation", test: "Test" };

/** Kinds whose output is one of few labels. */
export const hasLabels = (kind: Kind): boolean => kind === "intent";

/** What is counted by name, the most first. */
export const byCount = (counts: Record<string, number>): [string, number][] => Object.entries(counts).sort(([a, m], [b, n]) => n - m || a.localeCompare(b));

/** What a message says; one that calls a tool, or has an image, is told as JSON. */
export const contentText = (content: unknown): string => (typeof content === "string" ? content : content == null ? "" : JSON.stringify(content));

/** An input as one text. */
export function inputText(input: Input): string {
  if (input === null) return "";
  return typeof input === "string" ? input : input.map(({ role, content }) => `${role}: ${contentText(content)}`).join("\n");
}

const spanText = (text: string, { start, end, label }: Span) => `${label}: ${part(text, start, end)}`;

/** An output as one line. */
export function outputText(output: Output, input: Input = ""): string {
  if (output === null) return "";
  if (typeof output === "string") return output;
  if (Array.isArray(output)) {
    const text = inputText(input);
    return output.length === 0 ? "nothing in it" : output.map((span) => spanText(text, span)).join(" · ");
  }
  return output.chosen;
}

/** What a dataset waits for, and what it was frozen as. */
export function answerOf({ examples, pending, findings, version }: DatasetRead): string {
  if (examples === 0) return "It holds nothing yet: import a file, or let corrections come in by themselves.";
  const waits = [
    pending > 0 && `${plural(pending, "example")} ${pending === 1 ? "waits" : "wait"} for review`,
    findings > 0 && `${plural(findings, "finding")} ${findings === 1 ? "is" : "are"} open`,
  ].filter(Boolean);
  const state = waits.length === 0 ? "Nothing waits for you." : `${waits.join("; ")}.`;
  return `${state} ${version === null ? "No version is frozen yet, so nothing was trained on it." : `Version ${version} is the newest that is frozen.`}`;
}
