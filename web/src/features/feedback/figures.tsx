import { ArrowDown, ArrowUp, Equal } from "lucide-react";
import type { ReactNode } from "react";

import { change, mood, points } from "./words";

import type { FeedbackSummary } from "@/api/schema.gen";
import { cn } from "@/lib/cn";
import { count, DASH, orDash, percent, percentInterval, plural } from "@/lib/format";

/** The share that was good with its interval, and what puts it in proportion. */
export function Figures({ of: summary }: { of: FeedbackSummary }) {
  const { sharePositive, positive, negative, averageRating, ratings, corrected, told, commented, sentiment } = summary;
  const rated = ratings.reduce((sum, each) => sum + each, 0);
  return (
    <dl className="grid grid-cols-2 gap-y-6 lg:grid-cols-[1.3fr_1fr_1fr_1fr]">
      <Figure
        main
        name="Good"
        value={sharePositive ? percent(sharePositive.value) : DASH}
        beside={<Moved by={change(summary)} />}
        note={sharePositive ? `${percentInterval(sharePositive.low, sharePositive.high)} with 95 % confidence, of ${count(positive + negative)}` : "nothing was called good or wrong"}
      />
      <Figure name="Rating" value={orDash(averageRating, (value) => value.toFixed(1))} note={rated > 0 ? `of 5, by ${plural(rated, "rating")}` : "nobody rated from 1 to 5"} />
      <Figure name="Corrected" value={count(corrected)} note={told > 0 ? `${percent(corrected / told)} of what was said can be learned from` : "nothing was said"} />
      <Figure
        name="Comments"
        value={count(commented)}
        note={sentiment.average === null ? "none" : `${mood(sentiment.average) ?? ""} on the whole: ${count(sentiment.positive)} are, ${count(sentiment.negative)} are not`}
      />
    </dl>
  );
}

interface FigureProps {
  name: string;
  value: string;
  beside?: ReactNode;
  note: string;
  main?: boolean;
}

function Figure({ name, value, beside, note, main = false }: FigureProps) {
  return (
    <div className="border-l border-line px-4 max-lg:odd:border-l-0 max-lg:odd:pl-0 lg:first:border-l-0 lg:first:pl-0 lg:px-6">
      <dt className="text-xs font-medium text-quiet">{name}</dt>
      <dd className="mt-1 flex h-9 items-end gap-2 *:last:mb-1">
        <span className={cn("mb-0! font-semibold tracking-tight", main ? "text-figure" : "text-title")}>{value}</span>
        {beside}
      </dd>
      <dd className="mt-1 text-xs text-pretty text-quiet">{note}</dd>
    </div>
  );
}

/** How the share moved against the period before, in points. */
function Moved({ by }: { by: number | null }) {
  if (by === null) return null;
  const same = Math.abs(by) < 0.0005;
  const Icon = same ? Equal : by > 0 ? ArrowUp : ArrowDown;
  return (
    <span className="inline-flex items-center gap-0.5 align-middle text-xs whitespace-nowrap text-quiet">
      <Icon aria-hidden="true" className="size-3.5" />
      {same ? "unchanged" : points(by)}
      <span className="sr-only"> {same ? "against" : by > 0 ? "up against" : "down against"} the period before</span>
    </span>
  );
}
