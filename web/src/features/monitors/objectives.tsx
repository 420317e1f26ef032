import { Link } from "@tanstack/react-router";

import { BudgetLeft } from "./budget";
import { MonitorStateMark } from "./state-mark";

import type { Monitor } from "@/api/watch";
import { cn } from "@/lib/cn";
import { plain } from "@/lib/format";
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
  const { id, name, words, value, enabled, budget } = monitor;
  return (
    <li className={cn("border-t border-line py-3", !enabled && "text-quiet")}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <Link to={paths.monitor} params={{ monitorId: id }} className="hit font-medium underline decoration-line underline-offset-4 hover:decoration-ink">
          {name}
        </Link>
        <MonitorStateMark of={monitor} />
      </div>
      {budget !== null && (
        <div className="mt-2">
          <BudgetLeft left={budget.left} name={name} />
        </div>
      )}
      <p className="mt-1 text-sm text-pretty text-quiet">{plain(words) || (value === null ? "Nothing was called yet." : readsAs(monitor)(value))}</p>
    </li>
  );
}
