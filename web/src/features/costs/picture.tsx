import { ChartColumn, Table2 } from "lucide-react";
import { useMemo, useState } from "react";

import { spansOf, stacks, type Stack } from "./stacks";
import { nameOf, round } from "./words";

import type { CostReport } from "@/api/schema.gen";
import { Bars } from "@/components/timeline/marks";
import { Timeline, type Panel, type Span } from "@/components/timeline/timeline";
import { Button } from "@/components/ui/button";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { usd, usdAxis } from "@/lib/format";
import { niceCeiling } from "@/lib/scale";
import { shortTime, zoneName } from "@/lib/time";

interface Props {
  report: CostReport;
  /** A limit that each step can be held against, in dollars. */
  line: number | null;
}

/** A limit so far above the bars is not drawn: they would lie flat. */
const SQUASHED = 4;

/** Costs over time, one bar for each step, in as many parts as there are values. */
export function Picture({ report, line }: Props) {
  const [asTable, setAsTable] = useState(false);
  const [cursor, setCursor] = useState<number | null>(null);
  const parts = useMemo(() => stacks(report), [report]);
  const spans = useMemo(() => spansOf(report), [report]);
  const Icon = asTable ? ChartColumn : Table2;
  const by = nameOf(report.by ?? "model").toLowerCase();
  return (
    <section aria-labelledby="picture" className="min-w-0">
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id="picture" className="text-base font-semibold">
          By {by}
        </h2>
        <p className="order-last w-full text-xs text-quiet sm:order-none sm:w-auto">
          by {report.step} · {zoneName()}
        </p>
        <Button look="quiet" className="-mr-2 ml-auto px-2" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon aria-hidden="true" /> {asTable ? "Show as chart" : "Show as table"}
        </Button>
      </header>
      {asTable ? (
        <Figures report={report} parts={parts} />
      ) : (
        <Timeline
          label={`Cost per ${report.step ?? "step"} by ${by}`}
          spans={spans}
          panels={[panel(report, parts, spans, line)]}
          describe={(index) => describe(report, parts, index)}
          cursor={cursor}
          onCursor={setCursor}
        />
      )}
    </section>
  );
}

function describe(report: CostReport, parts: readonly Stack[], index: number): string {
  const step = report.steps[index];
  if (!step) return "";
  const each = parts.filter(({ costs }) => (costs[index] ?? 0) > 0).map(({ name, costs }) => `${name} ${usd(costs[index] ?? 0)}`);
  return [`${shortTime(step.at)}: ${usd(step.costUsd)}`, ...each].join("; ");
}

function panel(report: CostReport, parts: readonly Stack[], spans: readonly Span[], line: number | null): Panel {
  const highest = Math.max(0, ...report.steps.map((_, step) => parts.reduce((sum, { costs }) => sum + (costs[step] ?? 0), 0)));
  const limit = line !== null && line <= highest * SQUASHED ? line : null;
  const most = Math.max(highest, limit ?? 0);
  // The newest bar is still filling: it is drawn paler.
  const filling = Date.parse(report.to) >= Date.parse(report.asOf) ? spans.length - 1 : -1;
  const under = (part: number, step: number) => parts.slice(0, part).reduce((sum, { costs }) => sum + (costs[step] ?? 0), 0);
  return {
    title: `Cost per ${report.step ?? "step"}`,
    height: 220,
    max: niceCeiling(most),
    format: usdAxis(most && niceCeiling(most)),
    readout: (index) => <Readout report={report} parts={parts} index={index} limit={limit} />,
    marks: (frame) => (
      <>
        {parts.map(({ name, fill, costs }, part) =>
          [false, true].map((still) => (
            <Bars
              key={`${name} ${still}`}
              frame={frame}
              spans={spans}
              fill={fill}
              className={still ? "opacity-50" : ""}
              extent={(step) => {
                const cost = costs[step] ?? 0;
                const low = under(part, step);
                return cost > 0 && (step === filling) === still ? [low, low + cost] : null;
              }}
            />
          )),
        )}
        {limit !== null && <line x1={frame.x(spans[0]?.start ?? 0)} x2={frame.right} y1={frame.y(limit)} y2={frame.y(limit)} className="stroke-mark-bad" strokeWidth={1.5} strokeDasharray="6 4" />}
      </>
    ),
  };
}

/** What each cost beside its colour: in all, or in the step at the cursor. Always as long, so that nothing moves. */
function Readout({ report, parts, index, limit }: { report: CostReport; parts: readonly Stack[]; index: number | null; limit: number | null }) {
  const at = (costs: readonly number[]) => (index === null ? costs.reduce((sum, cost) => sum + cost, 0) : (costs[index] ?? 0));
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-0.5">
      {parts.map(({ name, fill, costs }) => (
        <span key={name} className="inline-flex max-w-56 min-w-0 items-center gap-1.5">
          <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ backgroundColor: fill }} />
          <span className="truncate">{name}</span>
          <span className="min-w-12 text-ink">{usd(at(costs))}</span>
        </span>
      ))}
      {limit !== null && (
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className="w-4 border-t-2 border-dashed border-mark-bad" />
          Limit {round(limit)} a {report.step}
        </span>
      )}
    </span>
  );
}

/** The picture's figures as a table, newest first. */
function Figures({ report, parts }: { report: CostReport; parts: readonly Stack[] }) {
  return (
    <div role="region" aria-label="Figures of the picture" tabIndex={0} className="max-h-72 overflow-auto rounded-md border border-line px-3">
      <Table>
        <thead className="sticky top-0 bg-canvas">
          <tr>
            <Head>From</Head>
            <Head numeric>Calls</Head>
            <Head numeric>All</Head>
            {parts.map(({ name }) => (
              <Head key={name} numeric>
                {name}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.steps
            .map((step, index) => ({ step, index }))
            .reverse()
            .map(({ step, index }) => (
              <Row key={step.at}>
                <Cell>{shortTime(step.at)}</Cell>
                <Cell numeric>{step.calls.toLocaleString("en-GB")}</Cell>
                <Cell numeric>{usd(step.costUsd)}</Cell>
                {parts.map(({ name, costs }) => (
                  <Cell key={name} numeric>
                    {usd(costs[index] ?? 0)}
                  </Cell>
                ))}
              </Row>
            ))}
        </tbody>
      </Table>
    </div>
  );
}
