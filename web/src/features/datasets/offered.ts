import { without } from "@/lib/url-state";

export interface Offer {
  label: string;
  /** How many examples have it; null for one that does not exist yet. */
  examples: number | null;
  note?: string;
}

/** Where a text is found in a label: at its beginning, at the beginning of a word, somewhere, or not. */
function rank(label: string, typed: string): number {
  const place = label.toLowerCase().indexOf(typed);
  if (place <= 0) return place;
  return /[\s_./-]/.test(label[place - 1] ?? "") ? 1 : 2;
}

/** The labels that fit what is typed, the best first; a new one comes last, unless it is one that is known. */
export function offered(known: Readonly<Record<string, number>>, typed: string, { now, suggested }: { now: string | null; suggested: string | null }): Offer[] {
  const wanted = typed.trim().toLowerCase();
  const noted = (label: string): Pick<Offer, "note"> => (label === suggested ? { note: "suggested" } : label === now ? { note: "what it is now" } : {});
  // Who corrects does not want what it is now.
  const last = ({ label }: { label: string }) => Number(label === now && wanted === "");
  const first = ({ label }: { label: string }) => Number(label !== suggested);
  const fitting = Object.entries(known)
    .map(([label, examples]) => ({ label, examples, ...noted(label), at: rank(label, wanted) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => last(a) - last(b) || a.at - b.at || first(a) - first(b) || b.examples - a.examples)
    .map((offer): Offer => without(offer, "at"));
  const isNew = wanted !== "" && !Object.keys(known).some((label) => label.toLowerCase() === wanted);
  return isNew ? [...fitting, { label: typed.trim(), examples: null }] : fitting;
}
