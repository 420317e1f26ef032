import type { ReactNode } from "react";

/** What is known of one thing: a term and its value, line by line; what is null is left out. */
export function Facts({ facts }: { facts: Record<string, ReactNode> }) {
  return (
    <dl className="mt-4 text-sm">
      {Object.entries(facts).map(
        ([term, value]) =>
          value !== null && (
            <div key={term} className="grid min-h-9 grid-cols-[8rem_minmax(0,1fr)] items-center gap-4 border-t border-line py-1.5">
              <dt className="text-quiet">{term}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
