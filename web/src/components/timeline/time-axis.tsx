import type { Scale } from "@/lib/scale";
import { axisLabel, timeTicks } from "@/lib/time";

interface Props {
  from: number;
  to: number;
  x: Scale;
  width: number;
  left: number;
  right: number;
  cursor: { x: number; time: number } | null;
}

const ROOM_FOR_A_LABEL = 72;

/** Round moments of the viewer's clock. */
export function TimeAxis({ from, to, x, width, left, right, cursor }: Props) {
  const most = Math.max(2, Math.floor((right - left) / ROOM_FOR_A_LABEL));
  return (
    <svg aria-hidden="true" width="100%" height={24} className="block overflow-visible">
      {width > 0 &&
        timeTicks(from, to, most)
          .filter((at) => cursor === null || Math.abs(x(at) - cursor.x) > ROOM_FOR_A_LABEL / 2 + 8)
          .map((at) => (
          <g key={at}>
            <line x1={x(at)} x2={x(at)} y1={0} y2={4} className="stroke-edge" />
            <text x={x(at)} y={18} textAnchor="middle" className="fill-quiet text-xs">
              {axisLabel(at, from, to)}
            </text>
          </g>
        ))}
      {cursor && (
        <g transform={`translate(${cursor.x.toFixed(1)} 0)`}>
          <rect x={-32} y={3} width={64} height={20} rx={4} className="fill-ink" />
          <text y={17} textAnchor="middle" className="fill-canvas text-xs font-medium">
            {axisLabel(cursor.time, from, to)}
          </text>
        </g>
      )}
    </svg>
  );
}
