import type { ReleaseFigure } from "@/api/releases";
import { DASH } from "@/lib/format";
import { outcomeValue } from "@/lib/outcomes";

/** A figure with where it may really be beneath it. */
export function FigureCell({ metric, of: found }: { metric: string; of: ReleaseFigure | null | undefined }) {
  if (found?.mean == null) return <span className="text-quiet">{DASH}</span>;
  const { mean, low, high } = found;
  return (
    <>
      {outcomeValue(metric, mean)}
      {low !== null && high !== null && (
        <span className="block text-xs text-quiet">
          {outcomeValue(metric, low)} to {outcomeValue(metric, high)}
        </span>
      )}
    </>
  );
}
