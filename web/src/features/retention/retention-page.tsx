import { useQuery } from "@tanstack/react-query";

import { Erase } from "./erase";
import { retentionQuery } from "./queries";
import { RulesTable } from "./rules-table";

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
        {!data && !error && (
          <div role="status" aria-label="Loading the rules" className="space-y-2">
            {Array.from({ length: 7 }, (_, row) => (
              <Skeleton key={row} className="h-12" />
            ))}
          </div>
        )}
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
      <h2 id="kept" className="text-lg font-semibold">
        What is kept
      </h2>
      <p role="status" className="mt-1 mb-3 max-w-[72ch] text-pretty text-quiet">
        {due ? "What is due goes" : "Nothing is due"} at the next run, <time dateTime={nextRun}>{plannedTime(nextRun)}</time>. What is gone does not come
        back.
      </p>
      <RulesTable rules={rules} />
    </section>
  );
}
