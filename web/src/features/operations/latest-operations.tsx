import { useState } from "react";

import { OperationsTable } from "./operations-table";
import { LATEST } from "./queries";

import type { Operation } from "@/api/schema";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { plural } from "@/lib/format";
import { useHeld } from "@/lib/use-held";


interface Props {
  operations: Operation[] | undefined;
  error: Error | null;
  onRetry: () => void;
}

/** The newest operations. They stand still while someone points at them or walks through them. */
export function LatestOperations({ operations, error, onRetry }: Props) {
  const [held, setHeld] = useState(false);
  // Held before the first answer came, there is nothing to hold.
  const shown = useHeld(operations, held) ?? operations;
  const waiting = held ? unseen(operations, shown) : 0;

  return (
    <section aria-labelledby="latest-operations">
      <header className="flex h-8 items-center gap-3">
        <h2 id="latest-operations" className="text-base font-semibold">
          Last operations
        </h2>
        {waiting > 0 && (
          <p className="text-xs text-quiet">
            held while you look · {waiting === LATEST ? `${LATEST} or more new` : plural(waiting, "new one")}
          </p>
        )}
      </header>
      {error && <Failure title="The last operations could not be loaded" error={error} onRetry={onRetry} className="my-2" />}
      {shown ? (
        <div
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <OperationsTable operations={shown} />
        </div>
      ) : (
        !error && <Waiting />
      )}
    </section>
  );
}

function unseen(operations: Operation[] | undefined, shown: Operation[] | undefined): number {
  const known = new Set(shown?.map(({ id }) => id));
  return operations?.filter(({ id }) => !known.has(id)).length ?? 0;
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading the last operations" className="mt-8">
      {Array.from({ length: 6 }, (_, row) => (
        <div key={row} className="flex h-9 items-center border-t border-line">
          <Skeleton className="h-4 w-full" />
        </div>
      ))}
    </div>
  );
}
