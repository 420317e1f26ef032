import { useQuery } from "@tanstack/react-query";

import { sessionsOfQuery } from "./queries";

import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { When } from "@/components/when";

/** Where somebody is signed in. */
export function PersonSessions({ of: id }: { of: string }) {
  const { data, error, refetch } = useQuery(sessionsOfQuery(id));
  return (
    <section aria-labelledby="person-sessions" className="mt-6 space-y-2 border-t border-line pt-6">
      <h3 id="person-sessions" className="font-semibold">
        Signed in
      </h3>
      {error ? (
        <Failure title="The sessions could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <div role="status" aria-label="Loading the sessions">
          <Skeleton className="h-12" />
        </div>
      ) : data.items.length === 0 ? (
        <p className="text-quiet">Nowhere at present.</p>
      ) : (
        <ul className="space-y-2">
          {data.items.map(({ id: session, userAgent, address, method, lastSeenAt }) => (
            <li key={session} className="flex flex-wrap items-baseline gap-x-3">
              <span>{userAgent}</span>
              <code className="font-mono text-xs">{address}</code>
              <span className="text-sm text-quiet">
                by {method}, last seen <When at={lastSeenAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
