import type { Band } from "./bands";

import { Cell, Head, Row, Table } from "@/components/ui/table";
import { DASH } from "@/lib/format";
import { shortTime } from "@/lib/time";

/** The same in figures, newest first. */
export function IntervalTable({ bands, format }: { bands: readonly Band[]; format: (value: number) => string }) {
  const moments = [...new Set(bands.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => b - a);
  return (
    <div role="region" aria-label="Figures over time" tabIndex={0} className="max-h-80 overflow-auto rounded-md border border-line px-3">
      <Table>
        <thead className="sticky top-0 bg-canvas">
          <tr>
            <Head>When</Head>
            {bands.map(({ name }) => (
              <Head key={name} numeric>
                {name}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {moments.map((moment) => (
            <Row key={moment}>
              <Cell>{shortTime(moment)}</Cell>
              {bands.map(({ name, points }) => {
                const point = points.find(({ x }) => x === moment);
                return (
                  <Cell key={name} numeric>
                    {point ? `${format(point.y)} (${format(point.low)} to ${format(point.high)})` : DASH}
                  </Cell>
                );
              })}
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
