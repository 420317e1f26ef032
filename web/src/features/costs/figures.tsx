import type { ReactNode } from "react";

import { Moved } from "./moved";
import { moved } from "./words";

import type { CostReport } from "@/api/schema.gen";
import { cn } from "@/lib/cn";
import { count, DASH, orDash, percent, plural, usd } from "@/lib/format";

/** What was spent, and what puts it in proportion. */
export function Figures({ report: { total } }: { report: CostReport }) {
  const { before } = total;
  const average = total.averageCostUsd;
  const was = before && before.calls > 0 ? before.costUsd / before.calls : undefined;
  return (
    <dl className="grid grid-cols-2 gap-y-6 lg:grid-cols-[1.3fr_1fr_1fr_1fr]">
      <Figure
        main
        name="Cost"
        value={usd(total.costUsd)}
        change={<Moved by={moved(total.costUsd, before?.costUsd)} />}
        note={total.estimatedShare > 0 ? `${percent(total.estimatedShare)} of it rests on estimated tokens` : "every token was told by a provider"}
      />
      <Figure
        name="Calls"
        value={count(total.calls)}
        change={<Moved by={moved(total.calls, before?.calls)} />}
        note={`${count(total.inputTokens)} tokens in, ${count(total.outputTokens)} out`}
      />
      <Figure
        name="Cost of a call"
        value={orDash(average, usd)}
        change={average !== null && <Moved by={moved(average, was)} />}
        note={`${percent(total.inputTokens > 0 ? total.cachedTokens / total.inputTokens : 0)} of the input was cached`}
      />
      <Figure
        name="Margin"
        value={orDash(total.marginUsd, usdSigned)}
        change={null}
        note={total.revenueUsd === null ? "no call says what it earned" : `${usd(total.revenueUsd)} earned by ${plural(total.earningCalls, "call")}`}
      />
    </dl>
  );
}

export const usdSigned = (value: number): string => (value < 0 ? `−${usd(-value)}` : usd(value));

interface FigureProps {
  name: string;
  value: string;
  change: ReactNode;
  note: string;
  main?: boolean;
}

function Figure({ name, value, change, note, main = false }: FigureProps) {
  return (
    <div className="border-l border-line px-4 max-lg:odd:border-l-0 max-lg:odd:pl-0 lg:first:border-l-0 lg:first:pl-0 lg:px-6">
      <dt className="text-xs font-medium text-quiet">{name}</dt>
      <dd className="mt-1 flex h-9 items-end gap-2 *:last:mb-1">
        <span className={cn("mb-0! font-semibold tracking-tight", main ? "text-figure" : "text-title")}>{value || DASH}</span>
        {change}
      </dd>
      <dd className="mt-1 text-xs text-quiet">{note}</dd>
    </div>
  );
}
