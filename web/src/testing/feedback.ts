import type { FeedbackFiguresOf, FeedbackRead, FeedbackSummary, FeedbackTrends } from "@/api/schema.gen";
import { wilson } from "@/lib/statistics";

/** Example feedback, the same on every run. Every part can be replaced. */

const NOON = Date.parse("2026-06-12T10:00:41Z");
const DAY = 86_400_000;
const at = (minutes: number) => new Date(NOON - minutes * 60_000).toISOString();

export function judgement(parts: Partial<FeedbackRead> = {}): FeedbackRead {
  return {
    id: "fb_01k9f3m0000000000000000000001",
    state: "accepted",
    reason: null,
    operationType: "classification",
    metric: "verdict",
    operationId: "op_01k9f3m0000000000000000000001",
    conversationId: "talk-4711",
    model: "ticket-classifier",
    route: null,
    person: { id: "user-42", kind: "user", name: null },
    feedback: "negative",
    score: 0,
    value: null,
    rating: null,
    wasUsed: null,
    wasHelpful: null,
    given: "Billing",
    expected: "Technical Issue",
    corrected: true,
    correction: "Technical Issue",
    commented: true,
    comment: "The printer was broken; it should have said Technical Issue.",
    withheld: null,
    sentiment: -0.42,
    quality: 0.49,
    createdAt: at(7),
    updatedAt: at(7),
    reviewedBy: null,
    ...parts,
  };
}

const plain = { given: null, expected: null, corrected: false, correction: null, commented: false, comment: null, sentiment: null, quality: null };
const named = (number: number) => `fb_${String(number).padStart(32, "0")}`;

export const judgements = (): FeedbackRead[] => [
  judgement(),
  judgement({ ...plain, id: named(2), feedback: "positive", score: 1, model: "assistant", operationType: "response", metric: "thumbs", person: { id: "person_01", kind: "person", name: "Ada Moreno" }, createdAt: at(31), updatedAt: at(31) }),
  judgement({ ...plain, id: named(3), feedback: "positive", rating: 5, score: 1, metric: "helpful", operationType: "suggestion", model: "reply-helper", commented: true, comment: "Exactly what I needed, thanks!", sentiment: 0.78, quality: 0.2, person: { id: "user-7", kind: "user", name: null }, createdAt: at(64), updatedAt: at(64) }),
  judgement({ ...plain, id: named(4), feedback: "negative", score: 0, metric: "demonstration", operationType: "response", model: "assistant", corrected: true, correction: "Guests may arrive from 14:00, and the kitchen closes at 23:00.", person: { id: "key_01", kind: "key", name: "website" }, createdAt: at(190), updatedAt: at(190) }),
  judgement({ ...plain, id: named(5), feedback: "neutral", rating: 3, score: 0.5, metric: "fast", operationType: "response", model: "assistant", person: { id: "user-9", kind: "user", name: null }, createdAt: at(1500), updatedAt: at(1500) }),
];

export const held = (): FeedbackRead[] =>
  [1, 2, 3, 4].map((number) =>
    judgement({ id: named(number + 10), state: "held", reason: "out_of_line", given: ["Billing", "Shipping", "Account", "Refund"][number - 1] ?? "Billing", expected: "Spam", correction: "Spam", commented: false, comment: null, sentiment: null, quality: null, person: { id: "user-666", kind: "user", name: null }, createdAt: at(number * 2), updatedAt: at(number * 2) }),
  );

function figures(positive: number, negative: number, neutral = 0) {
  const judged = positive + negative;
  const { low, high } = wilson(positive, judged);
  return {
    told: judged + neutral,
    positive,
    negative,
    neutral,
    sharePositive: judged > 0 ? { value: positive / judged, low, high } : null,
    averageRating: 4.1,
    averageScore: 0.8,
    corrected: Math.round(negative * 0.7),
    commented: Math.round(negative * 0.4),
  };
}

const of = (name: string, positive: number, negative: number): FeedbackFiguresOf => ({ name, ...figures(positive, negative) });

export function summary(parts: Partial<FeedbackSummary> = {}): FeedbackSummary {
  return {
    ...figures(868, 176, 31),
    asOf: at(0),
    period: "week",
    since: at(7 * 1440),
    previous: { told: 981, sharePositive: { value: 0.781, low: 0.754, high: 0.806 } },
    ratings: [12, 18, 31, 96, 143],
    held: 4,
    sentiment: { positive: 41, neutral: 12, negative: 17, average: 0.22, quality: 0.31 },
    suggestions: { usageRate: { value: 0.62, low: 0.55, high: 0.69 }, helpfulRate: { value: 0.81, low: 0.74, high: 0.86 } },
    classification: { told: 412, accuracy: { value: 0.79, low: 0.75, high: 0.83 }, labelled: 398, precision: 0.78, recall: 0.76, f1Score: 0.77, classes: [] },
    byModel: [of("assistant", 451, 52), of("ticket-classifier", 326, 86), of("reply-helper", 84, 21), of("backup", 7, 17)],
    byType: [of("response", 458, 69), of("classification", 326, 86), of("suggestion", 84, 21)],
    byMetric: [of("verdict", 600, 120), of("thumbs", 268, 56)],
    signals: { rephrase: 61, abandon: 22, handover: 17, copy: 240, retry: 0 },
    conversations: {
      ended: 412,
      conversationLength: 3.4,
      taskCompletion: { value: 0.86, low: 0.82, high: 0.89 },
      userRetention: { value: 0.41, low: 0.35, high: 0.47 },
      escalationRate: { value: 0.04, low: 0.03, high: 0.07 },
    },
    ...parts,
  };
}

export const silent = (): FeedbackSummary =>
  summary({ ...figures(0, 0), averageRating: null, averageScore: null, previous: { told: 0, sharePositive: null }, ratings: [0, 0, 0, 0, 0], held: 0, sentiment: { positive: 0, neutral: 0, negative: 0, average: null, quality: null }, byModel: [], byType: [], byMetric: [], signals: { rephrase: 0, abandon: 0, handover: 0, copy: 0, retry: 0 }, conversations: { ended: 0, conversationLength: null, taskCompletion: null, userRetention: null, escalationRate: null } });

export function trends(): FeedbackTrends {
  const days = [0, 1, 2, 3, 4, 5, 6, 7];
  return {
    asOf: at(0),
    period: "week",
    step: "day",
    items: days.map((day) => {
      const positive = Math.round(95 + 30 * Math.sin(day) + 6 * day);
      const negative = Math.round(26 - 2 * day + 5 * Math.cos(day));
      const midnight = Math.floor(NOON / DAY) * DAY;
      return { ...figures(positive, negative, 4), at: new Date(midnight - (7 - day) * DAY).toISOString(), sentiment: 0.2 };
    }),
  };
}
