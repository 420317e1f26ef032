import type { FreezeDraft } from "../queries";
import { SPLITS } from "../routes";
import type { Split } from "../shapes";

/** A version to make, as one writes it: shares and quality in percent. */
export interface FreezeText {
  note: string;
  minQuality: string;
  validation: string;
  test: string;
  seed: string;
  groupBy: FreezeDraft["groupBy"];
}

export const usual: FreezeText = { note: "", minQuality: "0", validation: "10", test: "10", seed: "7", groupBy: "conversation" };

/** What is wrong with a percentage, in words. */
export function percentFault(text: string): string | null {
  const value = Number(text);
  return text.trim() !== "" && value >= 0 && value <= 100 ? null : "A number from 0 to 100.";
}

export function seedFault(text: string): string | null {
  return /^\d{1,9}$/.test(text.trim()) ? null : "A whole number of at most nine digits.";
}

/** What is wrong with both shares together. */
export function sharesFault({ validation, test }: FreezeText): string | null {
  const wrong = percentFault(validation) ?? percentFault(test);
  if (wrong !== null) return wrong;
  return Number(validation) + Number(test) < 100 ? null : "Something must be left to train on.";
}

/** The share of each split, training with what is left. */
export function sharesOf({ validation, test }: FreezeText): Record<Split, number> {
  const [second, third] = [Number(validation) / 100, Number(test) / 100];
  const round = (share: number) => Math.round(share * 1e6) / 1e6;
  return { train: round(1 - second - third), validation: round(second), test: round(third) };
}

export function isComplete(text: FreezeText): boolean {
  return sharesFault(text) === null && percentFault(text.minQuality) === null && seedFault(text.seed) === null;
}

export const freezeBody = (text: FreezeText): FreezeDraft => ({
  note: text.note.trim(),
  minQuality: Number(text.minQuality) / 100,
  splits: sharesOf(text),
  seed: Number(text.seed),
  groupBy: text.groupBy,
});

/** About how many examples go where: groups are drawn whole, so it is never exact. */
export function about(examples: number, shares: Record<Split, number>): Record<Split, number> {
  return Object.fromEntries(SPLITS.map((split) => [split, Math.round(examples * shares[split])])) as Record<Split, number>;
}
