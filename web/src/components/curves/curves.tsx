import { extent, nearest, niceTicks, pathOf, positions, type Series } from "./points";

import { Cursor } from "@/components/timeline/cursor";
import { count, percent } from "@/lib/format";
import { linear, spread, type Scale } from "@/lib/scale";
import { useWidth } from "@/lib/use-width";

export interface CurvePanel {
  title: string;
  series: readonly Series[];
  format: (value: number) => string;
  /** Values are shares: the axis ends at one. */
  share?: boolean;
}

interface Props {
  label: string;
  /** What one goes along: "step". */
  along: string;
  panels: readonly CurvePanel[];
  cursor: number | null;
  onCursor: (index: number | null) => void;
  height?: number;
}

const LEFT = 52;
const RIGHT = 12;
const TOP = 8;
const AXIS = 24;
/** About as wide is a character below the axis. */
const CHARACTER = 7;

/** Curves over steps, one panel for each measure, read together by one cursor. */
export function Curves({ label, along, panels, cursor, onCursor, height = 168 }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const all = panels.flatMap(({ series }) => series);
  const stops = positions(all);
  const from = stops[0] ?? 0;
  const to = stops.at(-1) ?? 1;
  const right = Math.max(LEFT + 1, width - RIGHT);
  // A single step stands in the middle.
  const x = from === to ? () => (LEFT + right) / 2 : linear([from, to], [LEFT, right]);
  const step = stops.length > 1 ? (right - LEFT) / (stops.length - 1) : right - LEFT;
  const at = cursor === null ? null : (stops[cursor] ?? null);
  const frame = { x, right, width, height, at };
  return (
    <div ref={box} className="relative">
      {panels.map((panel) => (
        <Panel key={panel.title} panel={panel} {...frame} />
      ))}
      <StepAxis from={from} to={to} along={along} {...frame} />
      {stops.length > 0 && (
        <Cursor
          label={label}
          last={stops.length - 1}
          at={cursor}
          onMove={onCursor}
          describe={(index) => describe(panels, along, stops[index] ?? from)}
          left={stops.length > 1 ? LEFT - step / 2 : LEFT}
          step={step}
        />
      )}
    </div>
  );
}

function describe(panels: readonly CurvePanel[], along: string, at: number): string {
  const values = panels.flatMap(({ title, series, format }) =>
    series.map(({ name, points }) => {
      const point = nearest(points, at);
      return point ? `${title} ${name} ${format(point.y)}` : "";
    }),
  );
  return [`${along} ${count(Math.round(at))}`, ...values.filter(Boolean)].join("; ");
}

interface Frame {
  x: Scale;
  right: number;
  width: number;
  height: number;
  /** The step at the cursor. */
  at: number | null;
}

function Panel({ panel, x, right, width, height, at }: Frame & { panel: CurvePanel }) {
  const values = panel.series.flatMap(({ points }) => points.map(({ y }) => y));
  const ticks = values.length === 0 ? [0, 1] : niceTicks(...extent(values), panel.share ?? false);
  const [low, high] = extent(ticks);
  const bottom = height - 1;
  const y = linear([low, high], [bottom, TOP]);
  return (
    <section aria-label={panel.title} className="pt-5 first:pt-0">
      <div className="mb-1 flex min-h-5 flex-wrap items-baseline justify-between gap-x-4 text-xs">
        <h3 className="font-medium first-letter:uppercase">{panel.title}</h3>
        <Readout panel={panel} at={at} />
      </div>
      <svg aria-hidden="true" width="100%" height={height} className="block overflow-visible">
        {width > 0 && (
          <>
            {ticks.map((tick) => (
              <g key={tick}>
                <line x1={LEFT} x2={right} y1={y(tick)} y2={y(tick)} className={tick === low ? "stroke-edge" : "stroke-grid"} />
                <text x={LEFT - 8} y={y(tick)} dy="0.32em" textAnchor="end" className="fill-quiet text-xs">
                  {tickText(panel, tick, high - low)}
                </text>
              </g>
            ))}
            {panel.series.map(({ name, colour, points, dashed, dots }) => dots ? points.map((point) => <circle key={`${name} ${point.x}`} cx={x(point.x)} cy={y(point.y)} r={2.5} style={{ fill: colour }} />) : (
              <path
                key={name}
                d={pathOf(points, x, y)}
                fill="none"
                strokeWidth={points.length === 1 ? 6 : 2}
                strokeLinecap="round"
                strokeLinejoin="round"
                {...(dashed && { strokeDasharray: "5 4" })}
                style={{ stroke: colour }}
              />
            ))}
            {at !== null && <Marks panel={panel} at={at} x={x} y={y} bottom={bottom} />}
          </>
        )}
      </svg>
    </section>
  );
}

/** Shares have a digit behind the point only where it tells them apart. */
function tickText({ share, format }: CurvePanel, tick: number, room: number): string {
  return share && room >= 0.04 ? percent(tick) : format(tick);
}

function Marks({ panel, at, x, y, bottom }: { panel: CurvePanel; at: number; x: Scale; y: Scale; bottom: number }) {
  return (
    <>
      <line x1={x(at)} x2={x(at)} y1={0} y2={bottom} className="stroke-ink" strokeDasharray="2 2" />
      {panel.series.map(({ name, colour, points }) => {
        const point = nearest(points, at);
        return point && <circle key={name} cx={x(point.x)} cy={y(point.y)} r={3.5} style={{ fill: colour }} className="stroke-canvas" strokeWidth={1.5} />;
      })}
    </>
  );
}

/** Each curve with its value: at the cursor, or the newest. */
function Readout({ panel, at }: { panel: CurvePanel; at: number | null }) {
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-0.5 text-quiet">
      {panel.series.map(({ name, colour, points, dashed }) => {
        const point = at === null ? points.at(-1) : nearest(points, at);
        return (
          <span key={name} className="inline-flex max-w-64 min-w-0 items-center gap-1.5">
            <svg aria-hidden="true" width={14} height={4} className="shrink-0">
              <line x1={0} x2={14} y1={2} y2={2} strokeWidth={3} {...(dashed && { strokeDasharray: "4 3" })} style={{ stroke: colour }} />
            </svg>
            <span className="truncate">{name}</span>
            <span className="min-w-10 text-ink">{point ? panel.format(point.y) : "–"}</span>
          </span>
        );
      })}
    </span>
  );
}

function StepAxis({ from, to, along, x, right, width, at }: Frame & { from: number; to: number; along: string }) {
  const ticks = from === to ? [from] : niceTicks(from, to, false).filter((tick) => tick >= from && tick <= to && Number.isInteger(tick));
  const places = spread(ticks.map(x), 40, LEFT, right);
  const end = `${along} ${count(to)}`;
  const room = right - CHARACTER * (end.length + 4);
  return (
    <svg aria-hidden="true" width="100%" height={AXIS} className="block overflow-visible">
      {width > 0 &&
        ticks
          .filter((tick, index) => Math.abs((places[index] ?? 0) - x(tick)) < 1 && (at === null || Math.abs(x(tick) - x(at)) > 44) && x(tick) < room)
          .map((tick) => (
            <text key={tick} x={x(tick)} y={18} textAnchor="middle" className="fill-quiet text-xs">
              {count(tick)}
            </text>
          ))}
      {width > 0 && (at === null || right - x(at) > 72) && (
        <text x={right} y={18} textAnchor="end" className="fill-quiet text-xs">
          {end}
        </text>
      )}
      {width > 0 && at !== null && (
        <g transform={`translate(${Math.min(right - 32, Math.max(LEFT + 8, x(at))).toFixed(1)} 0)`}>
          <rect x={-32} y={3} width={64} height={20} rx={4} className="fill-ink" />
          <text y={17} textAnchor="middle" className="fill-canvas text-xs font-medium">
            {count(Math.round(at))}
          </text>
        </g>
      )}
    </svg>
  );
}
