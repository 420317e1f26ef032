import { useQueries } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";

import { overlaid } from "./charted";
import { comparedRows, namesOf } from "./compared";
import { metricsQuery, runQuery } from "./queries";
import { StateMark } from "./state-mark";

import type { Metric, Run } from "@/api/learning";
import { Curves } from "@/components/curves/curves";
import { EmptyState } from "@/components/empty-state";
import { Failure } from "@/components/failure";
import { outlineLink } from "@/components/ui/looks";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { paths } from "@/lib/paths";

/** Runs side by side: their curves over each other, and what differs between them. */
export default function ComparePage() {
  const { run: ids } = useSearch({ from: "/signed-in/training/compare" });
  const runs = useQueries({ queries: ids.map((id) => runQuery(id)) });
  const metrics = useQueries({ queries: ids.map((id, index) => metricsQuery(id, runs[index]?.data)) });
  const failed = runs.find(({ error }) => error !== null);
  const found = runs.flatMap(({ data }) => (data ? [data] : []));
  return (
    <div className="space-y-8">
      <title>Runs compared · Hone</title>
      <header>
        <p className="flex items-center gap-1 text-sm text-quiet">
          <Link to={paths.training} className="hit rounded-sm hover:text-ink hover:underline">
            Training
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5" />
        </p>
        <h1 className="text-title font-semibold tracking-tight">Runs compared</h1>
      </header>
      {ids.length < 2 ? (
        <TooFew />
      ) : failed?.error ? (
        <Failure title="A run could not be loaded" error={failed.error} onRetry={() => void failed.refetch()} />
      ) : found.length < ids.length ? (
        <Skeleton className="h-96" />
      ) : (
        <Compared runs={found} metrics={metrics.map(({ data }) => data ?? [])} />
      )}
    </div>
  );
}

function TooFew() {
  return (
    <EmptyState
      title="Choose two runs or more"
      action={
        <Link to={paths.training} className={outlineLink}>
          To the runs
        </Link>
      }
    >
      <p>In the list, x or a press on its box selects a run; two to four are laid over each other here.</p>
    </EmptyState>
  );
}

function Compared({ runs, metrics }: { runs: readonly Run[]; metrics: readonly Metric[][] }) {
  const [cursor, setCursor] = useState<number | null>(null);
  const names = namesOf(runs);
  const panels = overlaid(runs.map((_, index) => ({ name: names[index] ?? "", metrics: metrics[index] ?? [] })));
  return (
    <>
      {panels.length > 0 && (
        <section aria-labelledby="curves">
          <h2 id="curves" className="mb-3 text-lg font-semibold">
            How they learn
          </h2>
          <Curves label="Figures of the runs" along="step" panels={panels} cursor={cursor} onCursor={setCursor} />
        </section>
      )}
      <section aria-labelledby="side-by-side">
        <h2 id="side-by-side" className="text-lg font-semibold">
          Side by side
        </h2>
        <p className="max-w-[72ch] text-pretty text-quiet">
          What is the same in all of them is quiet.{new Set(runs.map(({ dataset }) => dataset?.digest)).size > 1 && " They had different data: what is better may be the data, not the training."}
        </p>
        <Beside runs={runs} names={names} />
      </section>
    </>
  );
}

function Beside({ runs, names }: { runs: readonly Run[]; names: readonly string[] }) {
  return (
    <div className="mt-3 overflow-x-auto" tabIndex={0} role="region" aria-label="Runs side by side">
      <Table>
        <thead>
          <tr>
            <Head>
              <span className="sr-only">What</span>
            </Head>
            {runs.map(({ id }, index) => (
              <Head key={id} className="min-w-36">
                <span className="inline-flex items-center gap-1.5">
                  <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ backgroundColor: `var(--category-${index + 1})` }} />
                  <Link to={paths.run} params={{ runId: id }} className="hit text-accent-ink underline underline-offset-4">
                    {names[index]}
                  </Link>
                </span>
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row>
            <Cell className="text-quiet">State</Cell>
            {runs.map(({ id, state }) => (
              <Cell key={id}>
                <StateMark state={state} />
              </Cell>
            ))}
          </Row>
          {comparedRows(runs).map(({ name, values, best, differs }) => (
            <Row key={name}>
              <Cell className="text-quiet">{name}</Cell>
              {values.map((value, index) => (
                <Cell key={index} className={cn("max-w-36 truncate sm:max-w-60", differs && index === best && "font-semibold", differs && best === null && "font-medium", !differs && "text-quiet")} title={value}>
                  {value}
                  {differs && index === best && <span className="ml-1.5 text-xs font-normal text-good">best</span>}
                </Cell>
              ))}
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
