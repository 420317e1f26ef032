import { useId } from "react";

import { boundsOf, describe, type Band } from "./bands";

import { extent, nearest, niceTicks, positions } from "@/components/curves/points";
import { Cursor } from "@/components/timeline/cursor";
import { TimeAxis } from "@/components/timeline/time-axis";
import { linear, type Scale } from "@/lib/scale";
import { useWidth } from "@/lib/use-width";

interface Props {
  label: string;
  bands: readonly Band[];
  format: (value: number) => string;
  /** Shorter, for the axis. */
  tick?: (value: number) => string;
  cursor: number | null;
  onCursor: (index: number | null) => void;
  height?: number;
}

const LEFT = 64;
const RIGHT = 12;
const TOP = 8;

/** Where everything stands, in pixels. */
function framed(bands: readonly Band[], width: number, height: number) {
  const stops = positions(bands);
  const [from, to] = stops.length === 0 ? [0, 1] : extent(stops);
  const right = Math.max(LEFT + 1, width - RIGHT);
  const ticks = niceTicks(...boundsOf(bands), false);
  const step = stops.length > 1 ? (right - LEFT) / (stops.length - 1) : right - LEFT;
  return {
    stops,
    from,
    to,
    right,
    ticks,
    step,
    // A single moment stands in the middle.
    x: from === to ? () => (LEFT + right) / 2 : linear([from, to], [LEFT, right]),
    y: linear(extent(ticks), [height - 1, TOP]),
    left: stops.length > 1 ? LEFT - step / 2 : LEFT,
  };
}

/** Differences and their intervals over time, around zero: they narrow as more is known. */
export function IntervalChart({ label, bands, format, tick = format, cursor, onCursor, height = 220 }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const { stops, from, to, right, ticks, step, x, y, left } = framed(bands, width, height);
  const at = cursor === null ? null : (stops[cursor] ?? null);
  return (
    <div ref={box} className="relative">
      <Readout bands={bands} at={at} format={format} />
      <svg aria-hidden="true" width="100%" height={height} className="block overflow-visible">
        {width > 0 && (
          <>
            <Grid ticks={ticks} y={y} right={right} format={tick} />
            <Drawing bands={bands} x={x} y={y} right={right} height={height} />
            {at !== null && <Marks bands={bands} at={at} x={x} y={y} height={height} />}
          </>
        )}
      </svg>
      <TimeAxis from={from} to={to} x={x} width={width} left={LEFT} right={right} cursor={at === null ? null : { x: x(at), time: at }} />
      {stops.length > 0 && (
        <Cursor label={label} last={stops.length - 1} at={cursor} onMove={onCursor} describe={(index) => describe(bands, stops[index] ?? from, format)} left={left} step={step} />
      )}
    </div>
  );
}

function Grid({ ticks, y, right, format }: { ticks: readonly number[]; y: Scale; right: number; format: (value: number) => string }) {
  return ticks.map((tick) => (
    <g key={tick}>
      <line x1={LEFT} x2={right} y1={y(tick)} y2={y(tick)} className={tick === 0 ? "stroke-ink" : "stroke-grid"} {...(tick === 0 && { strokeDasharray: "4 3" })} />
      <text x={LEFT - 8} y={y(tick)} dy="0.32em" textAnchor="end" className={tick === 0 ? "fill-ink text-xs font-medium" : "fill-quiet text-xs"}>
        {tick === 0 ? "the same" : format(tick)}
      </text>
    </g>
  ));
}

interface DrawingProps {
  bands: readonly Band[];
  x: Scale;
  y: Scale;
  right: number;
  height: number;
}

/** Bands beneath, lines above; what is far out in the beginning is cut off. */
function Drawing({ bands, x, y, right, height }: DrawingProps) {
  const clip = useId();
  return (
    <>
      <clipPath id={clip}>
        <rect x={LEFT - 6} y={0} width={right - LEFT + 12} height={height} />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        {bands.map(({ name, colour, points }) => (
          <path key={name} d={areaOf(points, x, y)} style={{ fill: colour, stroke: colour }} fillOpacity={0.16} strokeOpacity={0.5} strokeWidth={points.length === 1 ? 3 : 1} />
        ))}
        {bands.map(({ name, colour, points }) => (
          <path
            key={name}
            d={points.map((point, index) => `${index === 0 ? "M" : "L"}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`).join("") + (points.length === 1 ? "h0" : "")}
            fill="none"
            strokeWidth={points.length === 1 ? 8 : 2}
            strokeLinecap="round"
            strokeLinejoin="round"
            style={{ stroke: colour }}
          />
        ))}
      </g>
    </>
  );
}

function areaOf(points: Band["points"], x: Scale, y: Scale): string {
  if (points.length === 0) return "";
  const upper = points.map((point) => `${x(point.x).toFixed(1)} ${y(point.high).toFixed(1)}`);
  const lower = [...points].reverse().map((point) => `${x(point.x).toFixed(1)} ${y(point.low).toFixed(1)}`);
  return `M${[...upper, ...lower].join("L")}Z`;
}

function Marks({ bands, at, x, y, height }: Omit<DrawingProps, "right"> & { at: number }) {
  return (
    <>
      <line x1={x(at)} x2={x(at)} y1={0} y2={height} className="stroke-ink" strokeDasharray="2 2" />
      {bands.map(({ name, colour, points }) => {
        const point = nearest(points, at);
        return point && <circle key={name} cx={x(point.x)} cy={y(point.y)} r={3.5} style={{ fill: colour }} className="stroke-canvas" strokeWidth={1.5} />;
      })}
    </>
  );
}

/** Each arm with its difference: at the cursor, or the newest. */
function Readout({ bands, at, format }: { bands: readonly Band[]; at: number | null; format: (value: number) => string }) {
  return (
    <p className="mb-1 flex min-h-5 flex-wrap justify-end gap-x-5 gap-y-0.5 text-xs text-quiet">
      {bands.map(({ name, colour, points }) => {
        const point = at === null ? points.at(-1) : (nearest(points, at) as Band["points"][number] | null);
        return (
          <span key={name} className="inline-flex min-w-0 items-center gap-1.5">
            <span aria-hidden="true" className="size-2.5 shrink-0 rounded-sm" style={{ backgroundColor: colour }} />
            <span className="truncate">{name}</span>
            {point && (
              <span className="whitespace-nowrap">
                <span className="font-medium text-ink">{format(point.y)}</span> ({format(point.low)} to {format(point.high)})
              </span>
            )}
          </span>
        );
      })}
    </p>
  );
}
