import type { ReactNode } from "react";

import { change, failsMore } from "./answer";
import { Change } from "./change";
import { spans } from "./windows";

import type { Overview } from "@/api/schema";
import { cn } from "@/lib/cn";
import { count, duration, orDash, percent, percentInterval, rate, usd } from "@/lib/format";
import { wilson } from "@/lib/statistics";


/** The number that matters, and the three that qualify it, each against the window before. */
export function Figures({ overview }: { overview: Overview }) {
  const { totals, window } = overview;
  const { previous } = totals;
  const { before } = spans[window];
  const interval = wilson(totals.errors, totals.requests);
  const slower = totals.p95Ms !== null && previous.p95Ms !== null ? change(totals.p95Ms, previous.p95Ms) : null;

  return (
    <dl className="grid grid-cols-2 gap-y-6 lg:grid-cols-[1.3fr_1fr_1fr_1fr]">
      <Figure
        main
        name="Requests"
        value={count(totals.requests)}
        change={<Change by={change(totals.requests, previous.requests)} against={before} />}
        note={`${rate(totals.requestsPerSecond)} per second on average`}
      />
      <Figure
        name="Failed"
        value={totals.requests > 0 ? percent(totals.errorRate) : "–"}
        change={
          previous.requests > 0 &&
          totals.requests > 0 && (
            <Change
              by={totals.errorRate - previous.errorRate}
              was={percent(previous.errorRate)}
              against={before}
              bad={failsMore(totals)}
            />
          )
        }
        note={totals.requests > 0 ? `95 % interval ${percentInterval(interval.low, interval.high)}` : "nothing to measure"}
      />
      <Figure
        name="Latency, p95"
        value={orDash(totals.p95Ms, duration)}
        change={<Change by={slower} against={before} bad={(slower ?? 0) >= 0.25} />}
        note={`p50 ${orDash(totals.p50Ms, duration)}, first token ${orDash(totals.ttftP50Ms, duration)}`}
      />
      <Figure
        name="Cost"
        value={usd(totals.costUsd)}
        change={<Change by={change(totals.costUsd, previous.costUsd)} against={before} />}
        note={`${count(totals.inputTokens)} tokens in, ${count(totals.outputTokens)} out`}
      />
    </dl>
  );
}

interface FigureProps {
  name: string;
  value: string;
  change: ReactNode;
  note: string;
  main?: boolean;
}

function Figure({ name, value, change: moved, note, main = false }: FigureProps) {
  return (
    <div className="border-l border-line px-4 max-lg:odd:border-l-0 max-lg:odd:pl-0 lg:first:border-l-0 lg:first:pl-0 lg:px-6">
      <dt className="text-xs font-medium text-quiet">{name}</dt>
      <dd className="mt-1 flex min-h-9 flex-wrap items-end gap-x-2 *:last:mb-1">
        <span className={cn("mb-0! font-semibold tracking-tight whitespace-nowrap", main ? "text-figure" : "text-title")}>{value}</span>
        {moved}
      </dd>
      <dd className="mt-1 text-xs text-quiet">{note}</dd>
    </div>
  );
}
