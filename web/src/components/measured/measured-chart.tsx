import { Table2, ChartLine } from "lucide-react";
import { useState } from "react";

import { MeasuredTable } from "./measured-table";
import { indexAt, shareTicks, unbroken, valuesOf, type Level, type Measured } from "./scale";

import { extent, niceTicks } from "@/components/curves/points";
import { Cursor } from "@/components/timeline/cursor";
import { TimeAxis } from "@/components/timeline/time-axis";
import { Button } from "@/components/ui/button";
import { count } from "@/lib/format";
import { linear, type Scale } from "@/lib/scale";
import { shortTime, zoneName } from "@/lib/time";
import { useWidth } from "@/lib/use-width";

interface Props {
  /** What is measured: "Accuracy". */
  title: string;
  points: readonly Measured[];
  format: (value: number) => string;
  /** What it is held against. */
  levels?: readonly Level[];
  /** Moments that matter: when an alert opened. */
  moments?: readonly { at: number; name: string }[];
  /** Values are shares: the axis ends at one. */
  share?: boolean;
  /** What `n` counts: "answers". */
  counted?: string;
  height?: number;
}

const LEFT = 68;
const RIGHT = 16;
const TOP = 14;
/** More places than these cannot be told apart on a screen. */
const MOST_STOPS = 240;

/** Measurements over time with their intervals, the level they are held against, and the moments that matter; a chart, or a table. */
export function MeasuredChart(props: Props) {
  const [asTable, setAsTable] = useState(false);
  const { title, points, format, counted = "calls" } = props;
  const Icon = asTable ? ChartLine : Table2;
  return (
    <section aria-label={title} className="min-w-0">
      <header className="mb-1 flex min-h-8 flex-wrap items-center justify-between gap-x-4">
        <p className="text-xs font-medium">
          {title} {points.some(({ low }) => low !== null) && <span className="font-normal text-quiet">with its 95&nbsp;% interval</span>}
        </p>
        <Button look="quiet" className="-mr-2 px-2" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon aria-hidden="true" /> {asTable ? "Show as chart" : "Show as table"}
        </Button>
      </header>
      {asTable ? <MeasuredTable title={title} points={points} format={format} counted={counted} /> : <Drawing {...props} />}
    </section>
  );
}

const tickOf = (ticks: readonly number[], format: Props["format"], share: boolean) => (share ? shareTicks(ticks) : format);

/** Where everything stands, in pixels. */
function framed({ points, format, levels = [], share = false, height = 200 }: Props, width: number) {
  const from = points[0]?.at ?? 0;
  const to = points.at(-1)?.at ?? from + 1;
  const right = Math.max(LEFT + 1, width - RIGHT);
  const values = valuesOf(points, levels);
  const ticks = values.length === 0 ? [0, 1] : niceTicks(...extent(values), share);
  const stops = Math.min(points.length, MOST_STOPS);
  const between = Math.max(1, stops - 1);
  return {
    from,
    to,
    right,
    height,
    ticks,
    tick: tickOf(ticks, format, share),
    stops,
    x: linear([from, to === from ? from + 1 : to], [LEFT, right]),
    y: linear(extent(ticks), [height - 1, TOP]),
    step: (right - LEFT) / between,
    /** The measurement next to a stop of the cursor. */
    stoppedAt: (stop: number) => points[indexAt(points, from + ((to - from) * stop) / between)],
  };
}

function Drawing(props: Props) {
  const { title, points, format, levels = [], moments = [], counted = "calls" } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const [cursor, setCursor] = useState<number | null>(null);
  const frame = framed(props, width);
  const { from, to, right, x, y, height, stops, step } = frame;
  const pointed = cursor === null ? undefined : frame.stoppedAt(cursor);
  const read = (point: Measured | undefined) => (point ? reading(point, format, counted) : "");
  return (
    <>
      <p className="min-h-4 text-xs text-quiet">{read(pointed ?? points.findLast(({ value }) => value !== null))}</p>
      <div ref={box} className="relative">
        <svg aria-hidden="true" width="100%" height={height} className="block overflow-visible">
          {width > 0 && (
            <>
              <Grid ticks={frame.ticks} y={y} right={right} format={frame.tick} />
              {unbroken(points).map((run) => (
                <Run key={run[0]?.at} run={run} x={x} y={y} />
              ))}
              <Levels levels={levels} y={y} right={right} />
              <Moments moments={moments.filter(({ at }) => at >= from && at <= to)} x={x} right={right} height={height} />
              {pointed && <Pointed point={pointed} x={x} y={y} height={height} />}
            </>
          )}
        </svg>
        <TimeAxis from={from} to={to} x={x} width={width} left={LEFT} right={right} cursor={pointed ? { x: x(pointed.at), time: pointed.at } : null} />
        {stops > 0 && (
          <Cursor label={`${title} over time`} last={stops - 1} at={cursor} onMove={setCursor} describe={(stop) => read(frame.stoppedAt(stop))} left={LEFT - step / 2} step={step} />
        )}
      </div>
      <p className="text-right text-xs text-quiet">Times in {zoneName(new Date(to))}</p>
    </>
  );
}

/** One measurement in words. */
export function reading({ at, value, low, high, n }: Measured, format: (value: number) => string, counted: string): string {
  const told = value === null ? "nothing to measure" : format(value);
  const interval = low === null || high === null ? "" : ` (${format(low)} to ${format(high)})`;
  return `${told}${interval}${n === null ? "" : ` of ${count(n)} ${counted}`}, ${shortTime(at)}`;
}

interface Placed {
  x: Scale;
  y: Scale;
}

function Grid({ ticks, y, right, format }: { ticks: readonly number[]; y: Scale; right: number; format: (value: number) => string }) {
  return ticks.map((tick, index) => (
    <g key={tick}>
      <line x1={LEFT} x2={right} y1={y(tick)} y2={y(tick)} className={index === 0 ? "stroke-edge" : "stroke-grid"} />
      <text x={LEFT - 8} y={y(tick)} dy="0.32em" textAnchor="end" className="fill-quiet text-xs">
        {format(tick)}
      </text>
    </g>
  ));
}

/** What was measured without interruption; a lone measurement is a dot with its interval. */
function Run({ run, x, y }: Placed & { run: readonly Measured[] }) {
  const known = run.filter(({ low, high }) => low !== null && high !== null);
  const place = (at: number, value: number) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
  const upper = known.map(({ at, high }) => place(at, high ?? 0));
  const lower = known.map(({ at, low }) => place(at, low ?? 0)).reverse();
  const [first] = run;
  const lone = run.length === 1 && first?.low != null && first.high != null;
  return (
    <>
      {known.length > 1 && <path d={`M${[...upper, ...lower].join("L")}Z`} className="fill-mark-soft" />}
      {lone && <line x1={x(first.at)} x2={x(first.at)} y1={y(first.low ?? 0)} y2={y(first.high ?? 0)} strokeWidth={4} className="stroke-mark-soft" />}
      <path
        d={`M${run.map(({ at, value }) => place(at, value ?? 0)).join("L")}${run.length === 1 ? "h0" : ""}`}
        fill="none"
        strokeWidth={run.length === 1 ? 6 : 2}
        strokeLinecap="round"
        strokeLinejoin="round"
        className="stroke-mark"
      />
    </>
  );
}

function Levels({ levels, y, right }: { levels: readonly Level[]; y: Scale; right: number }) {
  return levels.map(({ value, name }) => (
    <g key={`${name} ${value}`}>
      <line x1={LEFT} x2={right} y1={y(value)} y2={y(value)} strokeDasharray="6 4" strokeWidth={1.5} className="stroke-mark-bad" />
      <text x={right} y={y(value) - 5} textAnchor="end" className="fill-bad text-xs font-medium [paint-order:stroke] stroke-canvas" strokeWidth={3}>
        {name}
      </text>
    </g>
  ));
}

function Moments({ moments, x, right, height }: { moments: readonly { at: number; name: string }[]; x: Scale; right: number; height: number }) {
  return moments.map(({ at, name }) => {
    const late = x(at) > right - 96;
    return (
      <g key={`${name} ${at}`}>
        <line x1={x(at)} x2={x(at)} y1={0} y2={height - 1} strokeWidth={1.5} className="stroke-ink" />
        <text x={x(at) + (late ? -6 : 6)} y={8} textAnchor={late ? "end" : "start"} className="fill-ink text-xs font-medium [paint-order:stroke] stroke-canvas" strokeWidth={3}>
          {name}
        </text>
      </g>
    );
  });
}

function Pointed({ point: { at, value }, x, y, height }: Placed & { point: Measured; height: number }) {
  return (
    <>
      <line x1={x(at)} x2={x(at)} y1={0} y2={height - 1} className="stroke-ink" strokeDasharray="2 2" />
      {value !== null && <circle cx={x(at)} cy={y(value)} r={4} className="fill-mark stroke-canvas" strokeWidth={1.5} />}
    </>
  );
}
