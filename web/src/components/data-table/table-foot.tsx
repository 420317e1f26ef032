import type { RefObject } from "react";

import type { More } from "./use-load-more";

import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";

interface Props {
  what: string;
  more: More;
  end: RefObject<HTMLDivElement | null>;
}

/** What comes after the last row: the rows on their way, or why they do not come. */
export function TableFoot({ what, more, end }: Props) {
  return (
    <div ref={end} className="flex min-h-9 items-center border-t border-line">
      {more.error ? (
        <Failure title={`More ${what} could not be loaded; those above are kept`} error={more.error} onRetry={more.load} className="my-2 flex-1" />
      ) : (
        more.has && (
          <span role="status" className="block flex-1 px-2">
            <span className="sr-only">{more.loading ? `Loading more ${what}` : ""}</span>
            <Skeleton className="h-4 w-full" />
          </span>
        )
      )}
    </div>
  );
}

/** Holds the place of the first rows. */
export function TableSkeleton({ what, rows = 12 }: { what: string; rows?: number }) {
  return (
    <div role="status" aria-label={`Loading the ${what}`} className="pt-8">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center border-t border-line px-2 pointer-coarse:h-11">
          <Skeleton className="h-4 w-full" />
        </div>
      ))}
    </div>
  );
}
