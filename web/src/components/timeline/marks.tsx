import type { Frame, Span } from "./timeline";

import { spread } from "@/lib/scale";


interface BarsProps {
  frame: Frame;
  spans: readonly Span[];
  /** From where to where each bar reaches; null for none. */
  extent: (index: number) => readonly [number, number] | null;
  className?: string;
  /** A colour that is no class: one of the categories. */
  fill?: string;
  /** A bar that exists is at least this high, so that rare things are seen. */
  least?: number;
}

/** One path for all bars: hundreds of them move four times a second. */
export function Bars({ frame, spans, extent, className, fill, least = 0 }: BarsProps) {
  const gap = frame.step > 4 ? 1 : 0;
  const wide = Math.max(0.5, frame.step - gap).toFixed(2);
  const path = spans.map(({ start }, index) => {
    const [low, high] = extent(index) ?? [0, 0];
    if (high <= low) return "";
    const foot = frame.y(low);
    const head = Math.min(frame.y(high), foot - least);
    return `M${(frame.x(start) + gap / 2).toFixed(2)} ${foot.toFixed(2)}V${head.toFixed(2)}h${wide}V${foot.toFixed(2)}Z`;
  });
  return <path d={path.join("")} className={className} style={fill === undefined ? undefined : { fill }} />;
}

interface LineProps {
  frame: Frame;
  spans: readonly Span[];
  value: (index: number) => number | null;
  className: string;
  strokeWidth: number;
}

/** By how much a dot is thicker than its line: a lone one is to be seen. */
const DOT = 3.5;

/** A line that breaks where nothing was measured; a lone measurement is a dot. */
export function Line({ frame, spans, value, className, strokeWidth }: LineProps) {
  const at = (index: number) => (index in spans ? value(index) : null);
  const line: string[] = [];
  const dots: string[] = [];
  for (const index of spans.keys()) {
    const point = at(index);
    if (point === null) continue;
    const place = `${middle(frame, spans, index).toFixed(2)} ${frame.y(point).toFixed(2)}`;
    const follows = at(index - 1) !== null;
    if (follows || at(index + 1) !== null) line.push(`${follows ? "L" : "M"}${place}`);
    else dots.push(`M${place}h0`);
  }
  const look = { fill: "none", strokeLinecap: "round", strokeLinejoin: "round", className } as const;
  return (
    <>
      <path d={line.join("")} strokeWidth={strokeWidth} {...look} />
      {dots.length > 0 && <path d={dots.join("")} strokeWidth={strokeWidth + DOT} {...look} />}
    </>
  );
}

interface BandProps {
  frame: Frame;
  spans: readonly Span[];
  extent: (index: number) => readonly [number, number] | null;
  className: string;
}

/** How far a lone measurement's interval reaches to both sides, in pixels. */
const LONE = 2;

/** The area between two lines, in as many pieces as there were interruptions; a lone one is a bar. */
export function Band({ frame, spans, extent, className }: BandProps) {
  const pieces: string[] = [];
  let piece: Edges | null = null;
  const close = () => {
    if (piece) pieces.push(outline(piece));
    piece = null;
  };
  for (let index = 0; index < spans.length; index++) {
    const range = extent(index);
    if (!range) {
      close();
      continue;
    }
    const x = middle(frame, spans, index);
    piece ??= { upper: [], lower: [] };
    piece.lower.push([x, frame.y(range[0])]);
    piece.upper.push([x, frame.y(range[1])]);
  }
  close();
  return <path d={pieces.join("")} className={className} />;
}

type Point = readonly [x: number, y: number];

interface Edges {
  upper: Point[];
  lower: Point[];
}

function outline({ upper, lower }: Edges): string {
  const around = [...upper, ...lower.reverse()];
  const points: Point[] = upper.length > 1 ? around : [...around.map(([x, y]): Point => [x - LONE, y]), ...around.reverse().map(([x, y]): Point => [x + LONE, y])];
  return `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;
}

interface EndLabelsProps {
  frame: Frame;
  labels: readonly { text: string; value: number | null; className: string }[];
  bottom: number;
}

/** Names lines where they end, instead of in a legend. */
export function EndLabels({ frame, labels, bottom }: EndLabelsProps) {
  const shown = labels.filter((label) => label.value !== null);
  const places = spread(
    shown.map(({ value }) => frame.y(value ?? 0)),
    13,
    8,
    bottom,
  );
  return (
    <g>
      {shown.map(({ text, className }, index) => (
        <text key={text} x={frame.right + 6} y={places[index]} dy="0.32em" className={`text-xs ${className}`}>
          {text}
        </text>
      ))}
    </g>
  );
}

function middle(frame: Frame, spans: readonly Span[], index: number): number {
  return frame.x(spans[index]?.start ?? 0) + frame.step / 2;
}
