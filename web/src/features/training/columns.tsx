import { StateMark } from "./state-mark";
import { datasetOf, isAtWork, isOver, leftOf, tookSeconds } from "./words";

import type { Run } from "@/api/learning";
import type { Column } from "@/components/data-table/columns";
import { Progress } from "@/components/ui/progress";
import { When } from "@/components/when";
import { figuresOf } from "@/lib/evidence";
import { DASH, percent, usd } from "@/lib/format";
import { figure, headline, measureInWords } from "@/lib/measures";
import { taskName } from "@/lib/tasks";
import { span } from "@/lib/time";
import { useNow } from "@/lib/use-now";

/** What one wants to know of a run in its state: how far, why not yet, how good, or what went wrong. */
function Now({ run }: { run: Run }) {
  if (isAtWork(run)) return <AtWork run={run} />;
  if (run.state === "failed") return <span className="block truncate text-quiet" title={run.error?.message}>{run.error?.message ?? DASH}</span>;
  if (run.state === "queued") return <span className="block truncate text-quiet" title={run.whyWaiting ?? undefined}>{run.whyWaiting ?? "Next in line"}</span>;
  if (run.state === "paused") return <span className="text-quiet">{percent(run.progress)} done</span>;
  return <Good run={run} />;
}

function AtWork({ run }: { run: Run }) {
  const left = leftOf(run, useNow(5000));
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Progress label={`How far ${run.model} is`} done={run.progress} total={1} className="w-20 shrink-0 max-md:hidden" />
      <span className="shrink-0">{percent(run.progress)}</span>
      <span className="truncate text-quiet">{left ?? run.stage}</span>
    </span>
  );
}

function Good({ run }: { run: Run }) {
  const told = headline(figuresOf(run.figures));
  if (!told) return <>{DASH}</>;
  return (
    <>
      <span className="font-medium">{figure(told.name, told.value)}</span> <span className="text-quiet">{measureInWords(told.name)}</span>
    </>
  );
}

function Took({ run }: { run: Run }) {
  const took = tookSeconds(run, useNow(isOver(run) ? 60_000 : 1000));
  return <>{took === null ? DASH : span(took)}</>;
}

export const columns: Column<Run>[] = [
  {
    id: "model",
    header: "Model",
    cell: ({ model, dataset }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{model}</span>
        {dataset && <span className="min-w-0 shrink-999 truncate text-quiet max-lg:hidden" title={datasetOf(dataset)}>{datasetOf(dataset)}</span>}
      </span>
    ),
    priority: 1,
    fixed: true,
  },
  { id: "state", header: "State", cell: ({ state }) => <StateMark state={state} brief />, priority: 1, width: "7.5rem", phoneWidth: "3.5rem" },
  { id: "now", header: "How it stands", cell: (run) => <Now run={run} />, priority: 1, width: "14rem", phoneWidth: "8.5rem" },
  { id: "engine", header: "Engine", cell: ({ engine }) => engine, priority: 3, width: "6rem" },
  { id: "task", header: "Task", cell: ({ task }) => taskName(task), optional: true, width: "10rem" },
  { id: "took", header: "Took", cell: (run) => <Took run={run} />, numeric: true, priority: 3, width: "6rem" },
  { id: "cost", header: "Cost", cell: ({ costUsd }) => usd(costUsd), numeric: true, priority: 4, width: "6rem" },
  { id: "created", header: "Asked for", cell: ({ createdAt }) => <When at={createdAt} />, priority: 2, width: "7.5rem" },
];
