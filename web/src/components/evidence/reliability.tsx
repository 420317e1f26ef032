import { useState } from "react";

import { Cursor } from "@/components/timeline/cursor";
import type { Bin } from "@/lib/evidence";
import { count, percent } from "@/lib/format";
import { linear } from "@/lib/scale";
import { wilson } from "@/lib/statistics";
import { useWidth } from "@/lib/use-width";

const HEIGHT = 240;
const LEFT = 44;
const BOTTOM = 28;
const TOP = 8;
const WIDEST = 420;

/** How often it is right when it says how sure it is: on the line, confidence can be believed. */
export function Reliability({ bins }: { bins: readonly Bin[] }) {
  const [box, full] = useWidth<HTMLDivElement>();
  const [cursor, setCursor] = useState<number | null>(null);
  const width = Math.min(full, WIDEST);
  const sorted = [...bins].sort((a, b) => a.confidence - b.confidence);
  const x = linear([0, 1], [LEFT, Math.max(LEFT + 1, width - 12)]);
  const y = linear([0, 1], [HEIGHT - BOTTOM, TOP]);
  const most = Math.max(...sorted.map((bin) => bin.count));
  const step = (x(1) - x(0)) / Math.max(1, sorted.length);
  const told = cursor === null ? null : sorted[cursor];
  return (
    <figure ref={box} className="min-w-0">
      <div className="relative" style={{ maxWidth: WIDEST }}>
        <svg aria-hidden="true" width="100%" height={HEIGHT} className="block overflow-visible">
          {width > 0 && (
            <>
              {[0, 0.5, 1].map((tick) => (
                <g key={tick}>
                  <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} className={tick === 0 ? "stroke-edge" : "stroke-grid"} />
                  <text x={LEFT - 8} y={y(tick)} dy="0.32em" textAnchor="end" className="fill-quiet text-xs">
                    {percent(tick)}
                  </text>
                  <text x={x(tick)} y={HEIGHT - 10} textAnchor={tick === 1 ? "end" : "middle"} className="fill-quiet text-xs">
                    {percent(tick)}
                  </text>
                </g>
              ))}
              <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className="stroke-edge" strokeDasharray="5 4" />
              {sorted.map((bin) => {
                const { low, high } = wilson(Math.round(bin.accuracy * bin.count), bin.count);
                const on = bin === told;
                return (
                  <g key={bin.confidence}>
                    <line x1={x(bin.confidence)} x2={x(bin.confidence)} y1={y(low)} y2={y(high)} className={on ? "stroke-ink" : "stroke-mark"} strokeWidth={1.5} />
                    <circle cx={x(bin.confidence)} cy={y(bin.accuracy)} r={3 + 5 * Math.sqrt(bin.count / most)} className={on ? "fill-ink" : "fill-mark"} />
                  </g>
                );
              })}
            </>
          )}
        </svg>
        <Cursor label="Confidence and correctness" last={sorted.length - 1} at={cursor} onMove={setCursor} describe={(index) => words(sorted[index])} left={LEFT} step={step} />
      </div>
      <figcaption className="mt-1 min-h-8 max-w-[26rem] text-xs text-quiet">{told ? words(told) : "Across: how sure it was. Up: how often it was right, with the interval. Below the line it is too sure of itself."}</figcaption>
    </figure>
  );
}

const words = (bin: Bin | undefined) => (bin ? `About ${percent(bin.confidence)} sure: right ${percent(bin.accuracy)} of ${count(bin.count)} times.` : "");
