/** What is measured of calls while two things are compared: its names, and how its values are read. Pure. */

import { count, duration, percentExact, points, usd } from "./format";
import { measure, number } from "./measures";

interface Outcome {
  name: string;
  /** What it is, for who never measured it. */
  help: string;
  better: "up" | "down";
  /** A share of units: read in percent, and its changes in points. */
  share: boolean;
  format: (value: number) => string;
}

const share = (name: string, better: Outcome["better"], help: string): Outcome => ({ name, help, better, share: true, format: percentExact });
const amount = (name: string, format: Outcome["format"], help: string): Outcome => ({ name, help, better: "down", share: false, format });

/** In the order in which they matter to people. */
export const OUTCOMES: Record<string, Outcome> = {
  resolved: share("Resolved", "up", "The share of conversations that ended with what was asked for."),
  positive_feedback: share("Positive feedback", "up", "The share of judgements that are a thumbs up, or four stars and more."),
  rating: { ...share("Rating", "up", "The mean of the stars that people gave, from 1 to 5."), share: false, format: number },
  accuracy: share("Accuracy", "up", "The share of judged answers that nobody had to correct."),
  handover: share("Handed to a person", "down", "The share of conversations that a person had to take over."),
  retry: share("Asked again", "down", "The share of questions that somebody sent once more."),
  rephrase: share("Put in other words", "down", "The share of questions that somebody had to put anew because the answer missed them."),
  abandon: share("Given up", "down", "The share of conversations that ended without an answer that helped."),
  copy: share("Copied", "up", "The share of answers that somebody copied: they were of use."),
  error_rate: share("Errors", "down", "The share of calls that failed."),
  latency_ms: amount("Latency", duration, "How long one waits for the whole answer."),
  cost_usd: amount("Cost", usd, "What a call costs at the provider."),
  tokens: amount("Tokens", count, "What goes in and comes out of a call, counted as providers do."),
};

export const outcomeName = (key: string): string => OUTCOMES[key]?.name ?? measure(key);

/** Inside of a sentence. */
export const outcomeInWords = (key: string): string => outcomeName(key).toLowerCase();

export const outcomeValue = (key: string, value: number): string => OUTCOMES[key]?.format(value) ?? number(value);

/** A change with its sign: `+1.2 points`, `−140 ms`. */
export function outcomeChange(key: string, change: number): string {
  if (OUTCOMES[key]?.share) return Math.abs(change) < 0.0005 ? "0.0 points" : points(change);
  return `${change < 0 ? "−" : "+"}${outcomeValue(key, Math.abs(change))}`;
}

/** `+0.9 to +5.3 points`. */
export function outcomeInterval(key: string, low: number, high: number): string {
  const from = outcomeChange(key, low);
  return `${OUTCOMES[key]?.share ? from.replace(/ points$/, "") : from} to ${outcomeChange(key, high)}`;
}
