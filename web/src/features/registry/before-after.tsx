import { changeWords, unsure } from "./what-if-words";

import type { Estimate } from "@/api/schema.gen";
import { cn } from "@/lib/cn";
import { orDash } from "@/lib/format";

interface Props {
  label: string;
  measure: Estimate;
  format: (value: number) => string;
}

/** A figure as it was and as it would have been, with the range of the replays. */
export function BeforeAfter({ label, measure, format }: Props) {
  const { fact, estimate } = measure;
  return (
    <div>
      <dt className="text-xs font-medium text-quiet">{label}</dt>
      <dd className="mt-1 space-y-1">
        <span className="flex flex-wrap items-baseline gap-x-1.5 text-sm whitespace-nowrap">
          <span className="text-quiet">{orDash(fact, format)}</span>
          <span aria-hidden="true" className="text-quiet">
            →
          </span>
          <span className="sr-only">would have been</span>
          <span className="font-semibold">{estimate === null ? "unknown" : format(estimate)}</span>
        </span>
        <Bars measure={measure} />
        <span className="flex flex-wrap justify-between gap-x-2 text-xs text-quiet">
          <span>{rangeWords(measure, format)}</span>
          <span className={toneOf(measure)}>{changeWords(measure)}</span>
        </span>
      </dd>
    </div>
  );
}

/** `1.08 s to 1.13 s`; nothing where all replays say the same. */
function rangeWords({ low, high }: Estimate, format: Props["format"]): string {
  if (low === null || high === null || format(low) === format(high)) return "";
  return `${format(low)} to ${format(high)}`;
}

/** Of all figures less is better. */
function toneOf(measure: Estimate): string {
  const word = changeWords(measure);
  if (word === "" || word === "same" || unsure(measure)) return "";
  return (measure.estimate ?? 0) < (measure.fact ?? 0) ? "text-good" : "text-warn";
}

function Bars({ measure: { fact, estimate, low, high } }: { measure: Estimate }) {
  const most = Math.max(fact ?? 0, estimate ?? 0, high ?? 0) || 1;
  const range = low !== null && high !== null && low < high ? { low: low / most, high: high / most } : null;
  return (
    <span aria-hidden="true" className="block space-y-0.5">
      <Bar share={(fact ?? 0) / most} range={null} className="bg-edge" />
      <Bar share={(estimate ?? 0) / most} range={range} className="bg-accent" />
    </span>
  );
}

interface BarProps {
  share: number;
  range: { low: number; high: number } | null;
  className: string;
}

function Bar({ share, range, className }: BarProps) {
  return (
    <span className="relative block h-1.5 rounded-sm bg-sunken">
      <span className={cn("absolute inset-y-0 left-0 rounded-sm", className)} style={{ width: `${share * 100}%` }} />
      {range && (
        <span className="absolute inset-y-0 border-x border-ink" style={{ left: `${range.low * 100}%`, width: `${(range.high - range.low) * 100}%` }}>
          <span className="absolute inset-x-0 top-1/2 h-px bg-ink" />
        </span>
      )}
    </span>
  );
}
