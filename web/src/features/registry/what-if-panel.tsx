import { Info } from "lucide-react";
import type { ReactNode } from "react";

import { BeforeAfter } from "./before-after";
import { ShareBar, Swatch } from "./share-bar";
import type { useWhatIf } from "./use-what-if";
import { basisWords, summary, unknowns } from "./what-if-words";

import type { WhatIf } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { count, duration, percent, usd } from "@/lib/format";

interface Props {
  replay: ReturnType<typeof useWhatIf>;
  /** Why nothing can be replayed yet, in words. */
  missing: string | null;
}

/** The last calls, sent again through the draft: what they would have cost, taken and come to. */
export function WhatIfPanel({ replay, missing }: Props) {
  const { may, told, error, working, again } = replay;
  if (!may) return null;
  return (
    <section aria-label="What would have happened" aria-busy={working} className="space-y-4 rounded-md border border-line bg-surface p-4">
      <div className="relative">
        <h2 className="font-semibold">What would have happened</h2>
        <p role="status" className="absolute top-0 right-0 text-sm text-quiet">
          {working && "Replaying…"}
        </p>
        <span aria-hidden="true" className={working ? "mt-2 block h-0.5 animate-pulse rounded-sm bg-accent" : "mt-2 block h-0.5"} />
      </div>
      {missing !== null ? (
        <p className="text-quiet">{missing}</p>
      ) : error ? (
        <Failure title="The calls could not be replayed" error={error} onRetry={again} />
      ) : told ? (
        <Told told={told} />
      ) : (
        <Skeleton className="h-40" />
      )}
    </section>
  );
}

function Told({ told }: { told: WhatIf }) {
  const { basis, measures } = told;
  const known = unknowns(told);
  const counted = (value: number) => count(Math.round(value));
  return (
    <>
      <div className="space-y-1">
        <p aria-live="polite" className="font-medium text-pretty">
          {summary(told)}
        </p>
        <p className="text-xs text-pretty text-quiet">{basisWords(told)}</p>
      </div>
      {basis.calls > 0 && (
        <>
          <dl className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-x-6 gap-y-3">
            <BeforeAfter label="Cost" measure={measures.costUsd} format={usd} />
            <BeforeAfter label="Failed calls" measure={measures.failed} format={counted} />
            <BeforeAfter label="Whole answer, p50" measure={measures.p50Ms} format={duration} />
            <BeforeAfter label="Whole answer, p95" measure={measures.p95Ms} format={duration} />
            {measures.ttftP50Ms.fact !== null && (
              <>
                <BeforeAfter label="First token, p50" measure={measures.ttftP50Ms} format={duration} />
                <BeforeAfter label="First token, p95" measure={measures.ttftP95Ms} format={duration} />
              </>
            )}
            {more(measures.fallbacks) && <BeforeAfter label="Answered by a fallback" measure={measures.fallbacks} format={counted} />}
            {more(measures.deadlines) && <BeforeAfter label="Cut by a deadline" measure={measures.deadlines} format={counted} />}
          </dl>
          <Mix told={told} />
        </>
      )}
      {known.length > 0 && (
        <ul className="space-y-1.5 text-xs text-quiet">
          {known.map((each) => (
            <li key={each} className="flex gap-1.5">
              <Info aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
              <span className="text-pretty">{each}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const more = ({ fact, high }: WhatIf["measures"]["failed"]) => (fact ?? 0) + (high ?? 0) > 0;

/** Who answered, and who would have. */
function Mix({ told: { basis, mix } }: { told: WhatIf }) {
  const { calls } = basis;
  const shown = mix.filter(({ answeredFact, answeredEstimate }) => answeredFact + answeredEstimate > 0);
  return (
    <div className="space-y-1.5">
      <h3 className="text-xs font-medium text-quiet">Who answers</h3>
      <Line name="was">
        <ShareBar parts={shown.map(({ model, answeredFact }) => ({ model, share: answeredFact }))} />
      </Line>
      <Line name="draft">
        <ShareBar parts={shown.map(({ model, answeredEstimate }) => ({ model, share: answeredEstimate }))} />
      </Line>
      <ul className="space-y-1 pt-1 text-sm">
        {shown.map(({ model, answeredFact, answeredEstimate }) => (
          <li key={model} className="flex items-baseline gap-2">
            <Swatch model={model} />
            <span className="min-w-0 flex-1 truncate" title={model}>
              {model}
            </span>
            <span className="text-quiet">{percent(answeredFact / calls)}</span>
            <span aria-hidden="true" className="text-quiet">
              →
            </span>
            <span className="w-12 text-right font-medium">{percent(answeredEstimate / calls)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span aria-hidden="true" className="flex items-center gap-2 text-xs text-quiet">
      <span className="w-8 shrink-0">{name}</span>
      {children}
    </span>
  );
}
