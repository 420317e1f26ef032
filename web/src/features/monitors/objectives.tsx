import { Link } from "@tanstack/react-router";

import { MonitorStateMark } from "./state-mark";
import { budgetLeft } from "./words";

import type { Monitor } from "@/api/watch";
import { cn } from "@/lib/cn";
import { percent, plain } from "@/lib/format";
import { paths } from "@/lib/paths";
import { readsAs } from "@/lib/watched";

/** What is promised, whether it is kept, and how much of what may go wrong is left. */
export function Objectives({ of: monitors }: { of: readonly Monitor[] }) {
  const objectives = monitors.filter(({ kind }) => kind === "objective");
  if (objectives.length === 0) return null;
  return (
    <section aria-labelledby="objectives">
      <h2 id="objectives" className="mb-2 text-base font-semibold">
        Objectives
      </h2>
      <ul className="grid gap-x-8 border-b border-line lg:grid-cols-2">
        {objectives.map((each) => (
          <Objective key={each.id} of={each} />
        ))}
      </ul>
    </section>
  );
}

function Objective({ of: monitor }: { of: Monitor }) {
  const { id, name, words, value, enabled } = monitor;
  const left = budgetLeft(monitor);
  return (
    <li className={cn("border-t border-line py-3", !enabled && "text-quiet")}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <Link to={paths.monitor} params={{ monitorId: id }} className="hit font-medium underline decoration-line underline-offset-4 hover:decoration-ink">
          {name}
        </Link>
        <MonitorStateMark of={monitor} />
      </div>
      {left !== null && <Budget left={left} name={name} />}
      <p className="mt-1 text-sm text-pretty text-quiet">{plain(words) || (value === null ? "Nothing was called yet." : readsAs(monitor)(value))}</p>
    </li>
  );
}

/** How much of what may go wrong is left, as a bar. */
function Budget({ left, name }: { left: number; name: string }) {
  const kept = Math.min(1, Math.max(0, left));
  return (
    <p className="mt-2 flex items-center gap-3 text-sm">
      <span aria-hidden="true" className="h-1.5 w-32 shrink-0 overflow-hidden rounded-sm bg-sunken ring-1 ring-edge ring-inset">
        <span className={cn("block h-full", kept < 0.1 ? "bg-mark-bad" : "bg-mark")} style={{ width: `${kept * 100}%` }} />
      </span>
      <span>
        {left < 0 ? "budget overspent" : `${percent(kept)} of the budget left`}
        <span className="sr-only"> of {name}</span>
      </span>
    </p>
  );
}
