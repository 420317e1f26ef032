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

/** A line that breaks where nothing was measured; a lone measurement is a dot. */
export function Line({ frame, spans, value, className, strokeWidth }: LineProps) {
  const path = spans.map((_, index) => {
    const point = value(index);
    if (point === null) return "";
    const place = `${middle(frame, spans, index).toFixed(2)} ${frame.y(point).toFixed(2)}`;
    return index > 0 && value(index - 1) !== null ? `L${place}` : `M${place}h0`;
  });
  return (
    <path d={path.join("")} fill="none" strokeWidth={strokeWidth} strokeLinecap="round" strokeLinejoin="round" className={className} />
  );
}

interface BandProps {
  frame: Frame;
  spans: readonly Span[];
  extent: (index: number) => readonly [number, number] | null;
  className: string;
}

/** The area between two lines, in as many pieces as there were interruptions. */
export function Band({ frame, spans, extent, className }: BandProps) {
  const pieces: string[][] = [];
  let piece: { upper: string[]; lower: string[] } | null = null;
  const close = () => {
    if (piece) pieces.push([...piece.upper, ...piece.lower.reverse()]);
    piece = null;
  };
  for (let index = 0; index < spans.length; index++) {
    const range = extent(index);
    if (!range) {
      close();
      continue;
    }
    const x = middle(frame, spans, index).toFixed(2);
    piece ??= { upper: [], lower: [] };
    piece.lower.push(`${x} ${frame.y(range[0]).toFixed(2)}`);
    piece.upper.push(`${x} ${frame.y(range[1]).toFixed(2)}`);
  }
  close();
  return <path d={pieces.map((points) => `M${points.join("L")}Z`).join("")} className={className} />;
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
