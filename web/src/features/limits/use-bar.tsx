import { standing } from "./words";

import type { LimitRead } from "@/api/schema.gen";
import { cn } from "@/lib/cn";

interface Props {
  of: LimitRead;
  className?: string;
}

const width = (share: number) => ({ width: `${Math.min(1, share) * 100}%` });

/** What is used of a limit, and behind it what is promised; the figures stand beside it in words. */
export function UseBar({ of: limit, className }: Props) {
  const { share, promised, is } = standing(limit);
  return (
    <span aria-hidden="true" className={cn("block h-2 overflow-hidden rounded-sm bg-sunken ring-1 ring-edge ring-inset", className)}>
      <span className="flex h-full">
        <span className={cn("h-full shrink-0", is === "full" || is === "refused" ? "bg-mark-bad" : "bg-mark")} style={width(share)} />
        <span className="h-full shrink-0 bg-mark-soft" style={width(Math.max(0, Math.min(promised, 1 - share)))} />
      </span>
    </span>
  );
}
