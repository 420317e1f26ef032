import type { FeedbackCreate, FeedbackRead } from "@/api/schema.gen";
import { plural } from "@/lib/format";

type Kind = FeedbackCreate["operationType"];

/** What is judged, by what the call was. */
export function kindOf(kind: string): Kind {
  return kind === "classification" || kind === "suggestion" || kind === "sentiment" ? kind : "response";
}

/** Whether the answer is one of a few labels. */
export const isLabel = (kind: Kind): boolean => kind === "classification" || kind === "sentiment";

/** What one said oneself; the newest stands first. */
export function mine(items: readonly FeedbackRead[] | undefined, me: string): FeedbackRead["feedback"] | undefined {
  return items?.find(({ person, metric }) => person.id === me && metric === "verdict")?.feedback;
}

/** Who said what, in a few words: `3 judgements, 1 correction`. */
export function said(items: readonly FeedbackRead[]): string {
  const corrections = items.filter(({ corrected }) => corrected).length;
  const held = items.filter(({ state }) => state === "held").length;
  const parts = [plural(items.length, "judgement"), corrections > 0 && plural(corrections, "correction"), held > 0 && `${held} held for review`];
  return parts.filter(Boolean).join(", ");
}
