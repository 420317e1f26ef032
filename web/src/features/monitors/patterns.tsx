import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { patternsQuery } from "./queries";

import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { When } from "@/components/when";
import { count } from "@/lib/format";
import { paths } from "@/lib/paths";

/** Errors by how they read: each with how often it came, when first and last, and some of its calls. */
export function Patterns() {
  const { data, error, refetch } = useQuery(patternsQuery);
  if (error) return <Failure title="The patterns could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-40" />;
  return (
    <section aria-labelledby="patterns">
      <h2 id="patterns" className="text-base font-semibold">
        Errors of 30 days, by how they read
      </h2>
      {data.items.length === 0 ? (
        <p className="mt-1 text-quiet">No call failed.</p>
      ) : (
        <ul className="mt-2 border-b border-line text-sm">
          {data.items.map(({ name, code, template, models, seen, firstAt, lastAt, examples }) => (
            <li key={`${code} ${template}`} className="border-t border-line py-2">
              <h3 className="font-medium break-words">{name}</h3>
              <p className="break-words text-quiet">
                <code className="mr-2 font-mono text-xs">{code}</code>
                {/* The name says it all, unless it was cut. */}
                {name.endsWith("…") && template}
              </p>
              <p className="mt-0.5 flex flex-wrap gap-x-4 text-xs text-quiet">
                <span>{count(seen)} times</span>
                <span>
                  first <When at={firstAt} />, last <When at={lastAt} />
                </span>
                {models.length > 0 && <span>{models.join(", ")}</span>}
                {examples.slice(0, 3).map((id, index) => (
                  <Link key={id} to={paths.operation} params={{ operationId: id }} className="hit text-accent-ink underline underline-offset-4">
                    call {index + 1}
                  </Link>
                ))}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
