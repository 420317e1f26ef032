import { useQuery } from "@tanstack/react-query";
import { ChartLine, Table2 } from "lucide-react";
import { useMemo, useState } from "react";

import { hasEpochs, panelsOf, type Along } from "../charted";
import { metricsQuery } from "../queries";
import { isOver } from "../words";

import type { Metric, Run } from "@/api/learning";
import { Curves, type CurvePanel } from "@/components/curves/curves";
import { CurvesTable } from "@/components/curves/curves-table";
import { Failure } from "@/components/failure";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";

const alongs: readonly { value: Along; label: string }[] = [
  { value: "step", label: "Step" },
  { value: "epoch", label: "Epoch" },
];

const NONE: Metric[] = [];

/** How the run learns: its figures step by step, as they come. */
export function CurvesSection({ run }: { run: Run }) {
  const { data: metrics, error, refetch } = useQuery(metricsQuery(run.id, run));
  const [asTable, setAsTable] = useState(false);
  const [chosen, setAlong] = useState<Along>("step");
  const known = metrics ?? NONE;
  const epochs = hasEpochs(known);
  const along = epochs ? chosen : "step";
  const panels = useMemo(() => panelsOf(known, along), [known, along]);
  if (metrics && panels.length === 0) return <Nothing run={run} />;
  return (
    <section aria-labelledby="curves" className="min-w-0">
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id="curves" className="text-lg font-semibold">
          How it learns
        </h2>
        {epochs && <Segmented label="Along" value={along} options={alongs} onChange={setAlong} />}
        {panels.length > 0 && <Shown asTable={asTable} onChange={setAsTable} />}
      </header>
      <NotYet error={error} known={metrics !== undefined} onRetry={() => void refetch()} />
      {metrics && (asTable ? <CurvesTable along={along} panels={panels} /> : <Drawn along={along} panels={panels} />)}
    </section>
  );
}

function Shown({ asTable, onChange }: { asTable: boolean; onChange: (asTable: boolean) => void }) {
  const Icon = asTable ? ChartLine : Table2;
  return (
    <Button look="quiet" className="-mr-2 ml-auto px-2" aria-pressed={asTable} onClick={() => onChange(!asTable)}>
      <Icon aria-hidden="true" /> {asTable ? "Show as chart" : "Show as table"}
    </Button>
  );
}

function NotYet({ error, known, onRetry }: { error: Error | null; known: boolean; onRetry: () => void }) {
  if (error) return <Failure title={known ? "The curves could not be brought up to date" : "The curves could not be loaded"} error={error} onRetry={onRetry} className="mb-3" />;
  return known ? null : <Skeleton className="h-72" />;
}

function Drawn({ along, panels }: { along: Along; panels: readonly CurvePanel[] }) {
  const [cursor, setCursor] = useState<number | null>(null);
  return <Curves label="Figures of the run" along={along} panels={panels} cursor={cursor} onCursor={setCursor} />;
}

function Nothing({ run }: { run: Run }) {
  if (!isOver(run)) return <p className="text-quiet">Curves come with the first figures that the engine tells.</p>;
  return run.state === "succeeded" ? <p className="text-quiet">{`The engine ${run.engine} learns in one go: there is no course to draw.`}</p> : null;
}
