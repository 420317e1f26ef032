import type { FeedbackSearch } from "./routes";
import { USUAL_PERIOD } from "./routes";

import type { FeedbackRead, FeedbackSummary } from "@/api/schema.gen";
import { count, percent, plural } from "@/lib/format";
import { rose } from "@/lib/statistics";

export const types: Record<FeedbackRead["operationType"], string> = {
  classification: "Classification",
  suggestion: "Suggestion",
  sentiment: "Sentiment",
  response: "Answer",
};

export const verdicts: Record<FeedbackRead["feedback"], string> = { positive: "Good", negative: "Wrong", neutral: "Neither" };

export const states: Record<FeedbackRead["state"], string> = {
  received: "Arriving",
  accepted: "Counts",
  held: "Held for review",
  rejected: "Does not count",
};

export const reasons: Record<string, string> = {
  out_of_line: "This person's corrections are out of line with what is known otherwise, such as how many they are, or that they all say the same.",
  contradiction: "People do not agree on what would have been right.",
  barred: "This person's feedback was rejected before.",
  review: "Somebody decided so.",
  no_operation: "Its call never arrived.",
};

export const periods: Record<NonNullable<FeedbackSearch["period"]>, { label: string; last: string; before: string }> = {
  day: { label: "24\u00a0h", last: "the last 24 hours", before: "the 24 hours before" },
  week: { label: "7\u00a0d", last: "the last 7 days", before: "the 7 days before" },
  month: { label: "30\u00a0d", last: "the last 30 days", before: "the 30 days before" },
  all: { label: "All", last: "all", before: "" },
};

const metrics: Record<string, string> = {
  verdict: "right or wrong",
  thumbs: "thumbs",
  helpful: "how helpful",
  accurate: "how accurate",
  relevant: "how relevant",
  fast: "how fast",
  comment: "comment",
  demonstration: "better answer",
};

/** What was measured; a measure of one's own has its own name. */
export const metricName = (metric: string): string => metrics[metric] ?? metric;

/** How the share of good judgements moved, in points; null where there is nothing to compare with. */
export function change({ sharePositive, previous }: FeedbackSummary): number | null {
  return sharePositive && previous?.sharePositive ? sharePositive.value - previous.sharePositive.value : null;
}

/** `+ 4 points`; the sign is said, the unit too. */
export function points(moved: number): string {
  const value = Math.round(Math.abs(moved) * 1000) / 10;
  return `${value} ${value === 1 ? "point" : "points"}`;
}

const judged = ({ positive, negative }: { positive: number; negative: number }) => positive + negative;

/** What now? Only what the figures say, and only where it is more than chance. */
export function answerOf(summary: FeedbackSummary, search: FeedbackSearch): string {
  const { last, before } = periods[search.period ?? USUAL_PERIOD];
  const within = last === "all" ? "so far" : `in ${last}`;
  if (summary.told === 0) return `Nobody said anything ${within}.`;
  const { sharePositive, previous } = summary;
  if (!sharePositive) return `${plural(summary.told, "judgement")} ${within}, none of them good or bad.`;
  const base = `${percent(sharePositive.value)} of ${plural(judged(summary), "judged answer")} were good ${within}`;
  return `${base}${comparison(summary, previous, before)}${weakest(summary)}.`;
}

function comparison(summary: FeedbackSummary, previous: FeedbackSummary["previous"], before: string): string {
  if (!previous?.sharePositive) return "";
  const now = { successes: summary.positive, total: judged(summary) };
  const then = { successes: Math.round(previous.sharePositive.value * previous.told), total: previous.told };
  const was = `from ${percent(previous.sharePositive.value)} in ${before}`;
  if (rose(now, then)) return `, up ${was}`;
  return rose(then, now) ? `, down ${was}` : `, as in ${before} but for chance`;
}

/** The model that is told to be worse than the rest, where its interval lies below the whole. */
function weakest({ byModel, sharePositive }: FeedbackSummary): string {
  const below = byModel.filter(({ sharePositive: of }) => of && sharePositive && of.high < sharePositive.value);
  const [worst] = below.sort((one, other) => (one.sharePositive?.value ?? 0) - (other.sharePositive?.value ?? 0));
  return worst?.sharePositive ? `; ${worst.name} is behind with ${percent(worst.sharePositive.value)}` : "";
}

/** How a comment sounds, in a word. */
export function mood(sentiment: number | null): string | null {
  if (sentiment === null) return null;
  return sentiment >= 0.05 ? "pleased" : sentiment <= -0.05 ? "displeased" : "neither pleased nor displeased";
}

/** `12 corrections, 3 comments`. */
export const said = ({ corrected, commented }: { corrected: number; commented: number }): string => `${count(corrected)} corrected, ${count(commented)} with a comment`;

export const who = ({ person }: FeedbackRead): string => person.name ?? person.id;
