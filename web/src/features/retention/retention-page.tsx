import { useQuery } from "@tanstack/react-query";

import { Erase } from "./erase";
import { retentionQuery } from "./queries";
import { RulesTable } from "./rules-table";
import { clockOf } from "./words";

import type { Retention } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { PageHead } from "@/components/page-head";
import { Permitted } from "@/components/permitted";
import { Skeleton } from "@/components/ui/skeleton";
import { plannedTime } from "@/lib/time";

/** How long each kind of data is kept, and the erasure of a person or an end user. */
export default function RetentionPage() {
  const { data, error, refetch } = useQuery(retentionQuery);
  return (
    <>
      <PageHead title="Data retention">How long each kind of data is kept, and exactly what goes next.</PageHead>
      <div className="space-y-10">
        {error && !data && <Failure title="The rules could not be loaded" error={error} onRetry={() => void refetch()} />}
        {data && <Kept retention={data} />}
        {!data && !error && <Waiting />}
        <Permitted to="data:erase">
          <Erase />
        </Permitted>
      </div>
    </>
  );
}

function Kept({ retention: { nextRun, rules } }: { retention: Retention }) {
  const due = rules.some((rule) => rule.due.rows !== 0);
  return (
    <section aria-labelledby="kept">
      <Heading />
      <p role="status" className="mt-1 mb-3 max-w-[72ch] text-pretty text-quiet">
        {due ? "What is due goes" : "Nothing is due"} at the next run, <time dateTime={nextRun}>{plannedTime(nextRun)}</time>. What is gone does not come
        back. Times are those of {clockOf()}.
      </p>
      <RulesTable rules={rules} />
    </section>
  );
}

function Heading() {
  return (
    <h2 id="kept" className="text-lg font-semibold">
      What is kept
    </h2>
  );
}

/** As high as the rules will be, so that what stands beneath them stays where it is. */
function Waiting() {
  return (
    <section aria-labelledby="kept">
      <Heading />
      <div role="status" aria-label="Loading the rules">
        <div className="mt-1 mb-3 h-15 max-w-[72ch] space-y-1 md:h-10">
          <Skeleton className="h-4" />
          <Skeleton className="h-4 w-2/3" />
        </div>
        <div className="divide-y divide-line rounded-lg border border-line bg-surface">
          {Array.from({ length: 7 }, (_, row) => (
            <div key={row} className="h-40.5 space-y-2 px-4 py-3 md:h-17.75">
              <Skeleton className="h-4 w-32" />
              <Skeleton className="h-4 max-w-80" />
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}
