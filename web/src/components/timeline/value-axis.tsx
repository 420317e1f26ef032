import type { Scale } from "@/lib/scale";

interface Props {
  max: number;
  format: (value: number) => string;
  y: Scale;
  left: number;
  right: number;
}

/** Zero, the middle and the top: enough to read a height by. */
export function ValueAxis({ max, format, y, left, right }: Props) {
  return (
    <g>
      {[0, max / 2, max].map((value) => (
        <g key={value}>
          <line x1={left} x2={right} y1={y(value)} y2={y(value)} className={value === 0 ? "stroke-edge" : "stroke-grid"} />
          <text x={left - 8} y={y(value)} dy="0.32em" textAnchor="end" className="fill-quiet text-xs">
            {format(value)}
          </text>
        </g>
      ))}
    </g>
  );
}
