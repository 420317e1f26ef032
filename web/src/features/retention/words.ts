import type { ErasureRead, RuleRead } from "@/api/schema.gen";
import { count, plural } from "@/lib/format";

/** `audit_details` reads as `Audit details`. */
export function kindName(kind: string): string {
  const words = kind.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const keptFor = (days: number | null): string => (days === null ? "for ever" : plural(days, "day"));

export const rowsOf = (rows: number | null): string => (rows === null ? "more than 10,000 rows" : plural(rows, "row"));

/** What is wrong with a number of days, or null. */
export function wrongDays(rule: RuleRead, days: number): string | null {
  const { leastDays: least, mostDays: most } = rule;
  if (!Number.isInteger(days) || days < 1) return "A whole number of days is needed.";
  if (days < least) return `${kindName(rule.kind)} must be kept for at least ${plural(least, "day")}.`;
  if (most !== null && days > most) return `${kindName(rule.kind)} are kept for at most ${plural(most, "day")}.`;
  return days > 36_500 ? "At most 36,500 days; choose for ever instead." : null;
}

/** How far an erasure is: rows gone of those that were counted. */
export function progressOf({ counts, planned }: ErasureRead): { done: number; total: number } {
  const sum = (numbers: Record<string, number | null>) => Object.values(numbers).reduce<number>((all, each) => all + (each ?? 0), 0);
  const done = sum(counts);
  return { done, total: Math.max(done, sum(planned)) };
}

/** The kinds of which there is something, most first. */
export const present = (counts: Record<string, number | null>): [string, string][] =>
  Object.entries(counts)
    .filter(([, rows]) => rows !== 0)
    .sort(([, a], [, b]) => (b ?? Infinity) - (a ?? Infinity))
    .map(([kind, rows]) => [kindName(kind), rows === null ? "more than 10,000" : count(rows)]);

/** Whose clock the times are of. Without an offset, which is another one in summer than in winter. */
export const clockOf = (): string => new Intl.DateTimeFormat("en-GB").resolvedOptions().timeZone;
