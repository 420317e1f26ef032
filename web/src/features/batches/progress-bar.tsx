import { done, share } from "./words";

import type { BatchRead } from "@/api/schema.gen";
import { cn } from "@/lib/cn";

interface Props {
  of: BatchRead;
  className?: string;
}

/** How many lines are done, and behind them those that failed; the figures stand beside it in words. */
export function ProgressBar({ of: batch, className }: Props) {
  const failed = done(batch) === 0 ? 0 : (share(batch) * batch.failed) / done(batch);
  const width = (part: number) => ({ width: `${part * 100}%` });
  return (
    <span aria-hidden="true" className={cn("block h-2 overflow-hidden rounded-sm bg-sunken ring-1 ring-edge ring-inset", className)}>
      <span className="flex h-full">
        <span className="h-full shrink-0 bg-mark" style={width(share(batch) - failed)} />
        <span className="h-full shrink-0 bg-mark-bad" style={width(failed)} />
      </span>
    </span>
  );
}
