import type { ReactNode } from "react";

import { Cursor } from "./cursor";
import { TimeAxis } from "./time-axis";
import { ValueAxis } from "./value-axis";

import { linear, type Scale } from "@/lib/scale";
import { useWidth } from "@/lib/use-width";


export interface Span {
  start: number;
  end: number;
}

/** Where a panel draws: scales in pixels, and the width of one span. */
export interface Frame {
  x: Scale;
  y: Scale;
  step: number;
  left: number;
  right: number;
}

export interface Panel {
  title: string;
  height: number;
  max: number;
  format: (value: number) => string;
  marks: (frame: Frame) => ReactNode;
  /** The values at the cursor, or the newest ones. */
  readout: (index: number | null) => ReactNode;
}

interface Props {
  label: string;
  spans: readonly Span[];
  panels: readonly Panel[];
  /** One span in words, for those who hear it. */
  describe: (index: number) => string;
  cursor: number | null;
  onCursor: (index: number | null) => void;
}

const LEFT = 44;
/** About as wide as a digit of an axis, in pixels. */
const DIGIT = 6.8;
const RIGHT = 36;
const TOP = 6;

/** Small multiples over one time axis, read together by one cursor. */
export function Timeline({ label, spans, panels, describe, cursor, onCursor }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const from = spans[0]?.start ?? 0;
  const to = spans.at(-1)?.end ?? 1;
  const left = roomFor(panels);
  const right = Math.max(left + 1, width - RIGHT);
  const x = linear([from, to], [left, right]);
  const step = (right - left) / spans.length;
  const pointed = cursor === null ? undefined : spans[cursor];
  const at = pointed ? { x: x(pointed.start) + step / 2, time: pointed.start } : null;

  return (
    <div ref={box} className="relative">
      {panels.map((panel) => (
        <section key={panel.title} aria-label={panel.title} className="pt-5 first:pt-0">
          <div className="flex min-h-5 flex-wrap items-baseline justify-between gap-x-4 text-xs">
            <h3 className="font-medium">{panel.title}</h3>
            <div className="text-quiet">{panel.readout(cursor)}</div>
          </div>
          <PanelDrawing panel={panel} frame={{ x, step, left, right }} width={width} cursor={at?.x ?? null} />
        </section>
      ))}
      <TimeAxis from={from} to={to} x={x} width={width} left={left} right={right} cursor={at} />
      <Cursor label={label} last={spans.length - 1} at={cursor} onMove={onCursor} describe={describe} left={left} step={step} />
    </div>
  );
}

/** As much as the longest label of an axis takes: all panels begin at one line. */
function roomFor(panels: readonly Panel[]): number {
  const labels = panels.flatMap(({ max, format }) => [max, max / 2].map(format));
  return Math.max(LEFT, ...labels.map(({ length }) => Math.ceil(length * DIGIT) + 8));
}

interface DrawingProps {
  panel: Panel;
  frame: Omit<Frame, "y">;
  width: number;
  cursor: number | null;
}

function PanelDrawing({ panel, frame, width, cursor }: DrawingProps) {
  const bottom = panel.height - 1;
  const y = linear([0, panel.max], [bottom, TOP]);
  return (
    <svg aria-hidden="true" width="100%" height={panel.height} className="block overflow-visible">
      {width > 0 && (
        <>
          <ValueAxis max={panel.max} format={panel.format} y={y} left={frame.left} right={frame.right} />
          {panel.marks({ ...frame, y })}
          {cursor !== null && <line x1={cursor} x2={cursor} y1={0} y2={bottom} className="stroke-ink" strokeDasharray="2 2" />}
        </>
      )}
    </svg>
  );
}
