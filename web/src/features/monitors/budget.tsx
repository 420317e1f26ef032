import { times, windowWords } from "./budget-words";

import type { Monitor } from "@/api/watch";
import { cn } from "@/lib/cn";
import { percent, plural } from "@/lib/format";

type Budget = NonNullable<Monitor["budget"]>;
type Burn = Budget["burns"][number];

/** How much of what may go wrong is left, as a bar. */
export function BudgetLeft({ left, name, wide = false }: { left: number; name: string; wide?: boolean }) {
  const kept = Math.min(1, Math.max(0, left));
  return (
    <p className="flex items-center gap-3 text-sm">
      <span aria-hidden="true" className={cn("h-1.5 shrink overflow-hidden rounded-sm bg-sunken ring-1 ring-edge ring-inset", wide ? "w-72" : "w-32")}>
        <span className={cn("block h-full", kept < 0.1 ? "bg-mark-bad" : "bg-mark")} style={{ width: `${kept * 100}%` }} />
      </span>
      <span>
        {left < 0 ? "budget overspent" : `${percent(kept)} of the budget left`}
        <span className="sr-only"> of {name}</span>
      </span>
    </p>
  );
}

/** What is left of an objective's budget, and how fast it burns in each pair of windows, next to where it rings. */
export function BudgetSection({ of: { name, rule, budget } }: { of: Monitor }) {
  if (budget === null) return null;
  const days = rule.days == null ? "its time" : plural(rule.days, "day");
  return (
    <section aria-labelledby="budget" className="max-w-3xl">
      <h2 id="budget" className="text-base font-semibold">
        What may still go wrong
      </h2>
      <div className="mt-2">
        <BudgetLeft left={budget.left} name={name} wide />
      </div>
      <p className="mt-3 max-w-[72ch] text-sm text-pretty text-quiet">
        A budget that burns at 1× is spent in exactly {days}. It rings where both windows of a line are beyond its mark.
      </p>
      <ul className="mt-2 border-b border-line text-sm">
        {budget.burns.map((each) => (
          <BurnLine key={each.longMinutes} of={each} />
        ))}
      </ul>
    </section>
  );
}

function BurnLine({ of: burn }: { of: Burn }) {
  const rings = Math.min(burn.longRate, burn.shortRate) >= burn.ringsAt;
  return (
    <li className="grid gap-x-6 gap-y-1 border-t border-line py-2 sm:grid-cols-[1fr_1fr_11rem]">
      <Rate minutes={burn.longMinutes} rate={burn.longRate} rings={burn.ringsAt} />
      <Rate minutes={burn.shortMinutes} rate={burn.shortRate} rings={burn.ringsAt} />
      <p className={cn(rings ? "font-medium" : "text-quiet")}>
        {rings ? "rings" : "would ring"} at {times(burn.ringsAt)}, {burn.severity}
      </p>
    </li>
  );
}

/** One window: the bar's mark is where it rings, at two thirds. */
function Rate({ minutes, rate, rings }: { minutes: number; rate: number; rings: number }) {
  const beyond = rate >= rings;
  return (
    <p className="flex items-center gap-3">
      <span aria-hidden="true" className="relative h-1.5 w-24 shrink-0 rounded-sm bg-sunken ring-1 ring-edge ring-inset">
        <span className={cn("block h-full rounded-sm", beyond ? "bg-mark-bad" : "bg-mark")} style={{ width: `${Math.min(1, (rate / rings) * (2 / 3)) * 100}%` }} />
        <span className="absolute inset-y-[-3px] left-2/3 w-px bg-ink" />
      </span>
      <span className="tabular-nums">
        {times(rate)} <span className="text-quiet">in {windowWords(minutes)}</span>
      </span>
    </p>
  );
}
