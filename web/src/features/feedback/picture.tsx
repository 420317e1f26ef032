import { ChartColumn, Table2 } from "lucide-react";
import { useMemo, useState } from "react";

import type { FeedbackTrends } from "@/api/schema.gen";
import { Band, Bars, Line } from "@/components/timeline/marks";
import { Timeline, type Panel, type Span } from "@/components/timeline/timeline";
import { Button } from "@/components/ui/button";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count, DASH, percent, percentInterval, plural } from "@/lib/format";
import { niceCeiling } from "@/lib/scale";
import { shortTime, zoneName } from "@/lib/time";

type Point = FeedbackTrends["items"][number];

const HOUR = 3_600_000;
const hundredths = (value: number) => percent(value);

/** How the share of good judgements went, with its interval, above how many there were. */
export function Picture({ of: { items, step } }: { of: FeedbackTrends }) {
  const [asTable, setAsTable] = useState(false);
  const [cursor, setCursor] = useState<number | null>(null);
  const spans = useMemo(() => spansOf(items, step === "hour" ? HOUR : 24 * HOUR), [items, step]);
  const Icon = asTable ? ChartColumn : Table2;
  return (
    <section aria-labelledby="picture" className="min-w-0">
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id="picture" className="text-base font-semibold">
          Over time
        </h2>
        <p className="order-last w-full text-xs text-quiet sm:order-none sm:w-auto">
          by {step} of UTC · shown in {zoneName()}
        </p>
        <Button look="quiet" className="-mr-2 ml-auto px-2" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon aria-hidden="true" /> {asTable ? "Show as chart" : "Show as table"}
        </Button>
      </header>
      {asTable ? (
        <Numbers of={items} />
      ) : (
        <Timeline
          label={`Share of good judgements per ${step}`}
          spans={spans}
          panels={[share(items, spans), told(items, spans)]}
          describe={(index) => describe(items[index])}
          cursor={cursor}
          onCursor={setCursor}
        />
      )}
    </section>
  );
}

const spansOf = (items: readonly Point[], width: number): Span[] =>
  items.map(({ at }) => ({ start: Date.parse(at), end: Date.parse(at) + width }));

function describe(point: Point | undefined): string {
  if (!point) return "";
  const good = point.sharePositive ? `${percent(point.sharePositive.value)} good` : "nothing called good or wrong";
  return `${shortTime(point.at)}: ${good}, ${plural(point.told, "judgement")}`;
}

function share(items: readonly Point[], spans: readonly Span[]): Panel {
  const of = (index: number) => items[index]?.sharePositive ?? null;
  return {
    title: "Good",
    height: 150,
    max: 1,
    format: hundredths,
    readout: (index) => {
      const at = index === null ? null : of(index);
      return <span>{at ? `${percent(at.value)}, ${percentInterval(at.low, at.high)} with 95 % confidence` : "line: share that was good; band: its 95 % interval"}</span>;
    },
    marks: (frame) => (
      <>
        <Band frame={frame} spans={spans} extent={(index) => interval(of(index))} className="fill-mark-soft" />
        <Line frame={frame} spans={spans} value={(index) => of(index)?.value ?? null} className="stroke-accent" strokeWidth={2} />
      </>
    ),
  };
}

function Legend() {
  const parts = { "bg-accent": "good", "bg-mark-bad": "wrong", "bg-mark-soft": "neither" };
  return (
    <span className="flex gap-x-3">
      {Object.entries(parts).map(([mark, name]) => (
        <span key={name} className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className={`size-2 rounded-full ${mark}`} />
          {name}
        </span>
      ))}
    </span>
  );
}

const interval = (of: Point["sharePositive"]): readonly [number, number] | null => (of ? [of.low, of.high] : null);

function told(items: readonly Point[], spans: readonly Span[]): Panel {
  const most = Math.max(1, ...items.map(({ told: all }) => all));
  const parts = (index: number) => items[index] ?? { positive: 0, negative: 0, told: 0 };
  return {
    title: "Judgements",
    height: 90,
    max: niceCeiling(most),
    format: count,
    readout: (index) => {
      const at = index === null ? null : parts(index);
      return <span>{at ? `${count(at.positive)} good, ${count(at.negative)} wrong of ${count(at.told)}` : <Legend />}</span>;
    },
    marks: (frame) => (
      <>
        <Bars frame={frame} spans={spans} extent={(index) => (parts(index).told > 0 ? [0, parts(index).told] : null)} className="fill-mark-soft" />
        <Bars frame={frame} spans={spans} extent={(index) => (parts(index).positive > 0 ? [0, parts(index).positive] : null)} className="fill-accent" />
        <Bars
          frame={frame}
          spans={spans}
          extent={(index) => (parts(index).negative > 0 ? [parts(index).positive, parts(index).positive + parts(index).negative] : null)}
          className="fill-mark-bad"
        />
      </>
    ),
  };
}

function Numbers({ of: items }: { of: readonly Point[] }) {
  return (
    <div className="max-h-80 overflow-y-auto" tabIndex={0} role="region" aria-label="Judgements over time, as a table">
      <Table>
        <thead>
          <tr>
            <Head>From</Head>
            <Head numeric>Good</Head>
            <Head numeric>95 % interval</Head>
            <Head numeric>Judgements</Head>
          </tr>
        </thead>
        <tbody>
          {items.map((point) => (
            <Row key={point.at}>
              <Cell>{shortTime(point.at)}</Cell>
              <Cell numeric>{point.sharePositive ? percent(point.sharePositive.value) : DASH}</Cell>
              <Cell numeric>{point.sharePositive ? percentInterval(point.sharePositive.low, point.sharePositive.high) : DASH}</Cell>
              <Cell numeric>{count(point.told)}</Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
