import { rangeName, type Range } from "@/components/filter-bar/time-range";
import { count, plural } from "@/lib/format";
import { shortTime } from "@/lib/time";

interface Facts {
  /** Null above 10,000; undefined while it is not known. */
  total: number | null | undefined;
  shown: number | undefined;
  range: Range;
  searchedUntil: string | null;
  more: boolean;
}

/** The list in a sentence: how many there are, of which time, and how far was looked. */
export function told({ total, shown, range, searchedUntil, more }: Facts): string {
  if (shown === undefined || total === undefined) return "";
  const when = rangeName(range);
  const time = when === "Any time" ? "at any time" : `${when.charAt(0).toLowerCase()}${when.slice(1)}`;
  if (searchedUntil && more) return `${plural(shown, "operation")} found so far, ${time}; searched back to ${shortTime(searchedUntil)}, looking further.`;
  if (total === null) return `More than 10,000 operations, ${time}; the newest ${count(shown)} are loaded.`;
  return `${plural(Math.max(total, shown), "operation")}, ${time}.`;
}
