import type { Measured } from "./scale";

import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count, DASH } from "@/lib/format";
import { shortTime } from "@/lib/time";

interface Props {
  title: string;
  points: readonly Measured[];
  format: (value: number) => string;
  counted: string;
}

/** What was measured, newest first. */
export function MeasuredTable({ title, points, format, counted }: Props) {
  return (
    <div role="region" aria-label={`Figures of ${title}`} tabIndex={0} className="max-h-80 overflow-auto rounded-md border border-line px-3">
      <Table>
        <thead className="sticky top-0 bg-canvas">
          <tr>
            <Head>When</Head>
            <Head numeric>Value</Head>
            <Head numeric>Between</Head>
            <Head numeric className="first-letter:uppercase">
              {counted}
            </Head>
          </tr>
        </thead>
        <tbody>
          {[...points].reverse().map(({ at, value, low, high, n }) => (
            <Row key={at}>
              <Cell>{shortTime(at)}</Cell>
              <Cell numeric>{value === null ? DASH : format(value)}</Cell>
              <Cell numeric>{low === null || high === null ? DASH : `${format(low)} to ${format(high)}`}</Cell>
              <Cell numeric>{n === null ? DASH : count(n)}</Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
