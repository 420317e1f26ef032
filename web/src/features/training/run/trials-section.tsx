import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { trialsQuery } from "../queries";
import { isOver } from "../words";

import { Parallel } from "./parallel";
import { answer, course, objectiveOf, ranked, stateWords, text } from "./searched";

import type { Run, Trial, Trials } from "@/api/learning";
import { Curves } from "@/components/curves/curves";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { DASH } from "@/lib/format";
import { figure, measure } from "@/lib/measures";
import { span } from "@/lib/time";

/** What a search tried, and what was best. */
export function TrialsSection({ run }: { run: Run }) {
  const { data, error, refetch } = useQuery(trialsQuery(run.id, run));
  return (
    <section aria-labelledby="trials" className="min-w-0">
      <header className="mb-3">
        <h2 id="trials" className="text-lg font-semibold">
          What was tried
        </h2>
        {data && <p className="text-quiet">{answer(data, isOver(run))}</p>}
      </header>
      {error && <Failure title="The trials could not be loaded" error={error} onRetry={() => void refetch()} className="mb-3" />}
      {data ? data.items.length > 0 && <Tried trials={data} /> : !error && <Skeleton className="h-72" />}
    </section>
  );
}

function Tried({ trials }: { trials: Trials }) {
  const [cursor, setCursor] = useState<number | null>(null);
  const [looked, setLooked] = useState<number | null>(null);
  const panel = course(trials);
  return (
    <div className="space-y-6">
      <div className="grid gap-x-12 gap-y-6 xl:grid-cols-2">
        {panel && (
          <div className="min-w-0">
            <h3 className="mb-2 font-semibold">Trial by trial</h3>
            <Curves label="Values of the trials" along="trial" panels={[panel]} cursor={cursor} onCursor={setCursor} />
          </div>
        )}
        <div className="min-w-0">
          <h3 className="mb-2 font-semibold">Across the parameters</h3>
          <Parallel trials={trials} looked={looked} onLook={setLooked} />
        </div>
      </div>
      <TrialsTable trials={trials} looked={looked} onLook={setLooked} />
    </div>
  );
}

function TrialsTable({ trials, looked, onLook }: { trials: Trials; looked: number | null; onLook: (number: number | null) => void }) {
  const names = [...new Set(trials.items.flatMap(({ params }) => Object.keys(params)))];
  return (
    <div role="region" aria-label="Trials, the best first" tabIndex={0} className="max-h-96 overflow-auto rounded-md border border-line px-3">
      <Table>
        <thead className="sticky top-0 bg-canvas">
          <tr>
            <Head numeric>Trial</Head>
            <Head numeric>{measure(objectiveOf(trials))}</Head>
            <Head className="pl-4">State</Head>
            {names.map((name) => (
              <Head key={name} numeric className="font-mono">
                {name}
              </Head>
            ))}
            <Head numeric>Took</Head>
          </tr>
        </thead>
        <tbody>
          {ranked(trials).map((trial) => (
            <Row key={trial.number} className={cn(trial.number === looked && "bg-accent-soft")} onPointerEnter={() => onLook(trial.number)} onPointerLeave={() => onLook(null)}>
              <Cell numeric>{trial.number + 1}</Cell>
              <Cell numeric className={cn(trial.number === trials.best && "font-semibold")}>
                {trial.value === null ? DASH : figure(objectiveOf(trials), trial.value)}
              </Cell>
              <Cell className="pl-4">
                <State trial={trial} best={trial.number === trials.best} />
              </Cell>
              {names.map((name) => (
                <Cell key={name} numeric className={cn(!(name in trial.params) && "text-quiet")}>
                  {name in trial.params ? text(trial.params[name]) : "as asked"}
                </Cell>
              ))}
              <Cell numeric>{trial.seconds > 0 ? span(Math.max(1, Math.round(trial.seconds))) : DASH}</Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function State({ trial: { state, error }, best }: { trial: Trial; best: boolean }) {
  return (
    <span className="inline-flex max-w-72 items-baseline gap-2" title={error ?? undefined}>
      {stateWords[state]}
      {best && <span className="text-xs text-good">best</span>}
      {error && <span className="truncate text-quiet">{error}</span>}
    </span>
  );
}
