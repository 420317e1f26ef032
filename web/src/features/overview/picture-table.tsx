import type { Bin } from "./bins";

import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count, duration, orDash, rate, usd } from "@/lib/format";
import { clockTime } from "@/lib/time";


/** The picture's figures as a table, newest first. */
export function PictureTable({ bins }: { bins: Bin[] }) {
  return (
    <div
      role="region"
      aria-label="Figures of the picture"
      tabIndex={0}
      className="h-111 overflow-auto rounded-md border border-line px-3"
    >
      <Table>
        <thead className="sticky top-0 bg-canvas">
          <tr>
            <Head>From</Head>
            <Head numeric>Requests</Head>
            <Head numeric>Per second</Head>
            <Head numeric>Failed</Head>
            <Head numeric>p50</Head>
            <Head numeric>p95</Head>
            <Head numeric>p99</Head>
            <Head numeric>Cost</Head>
          </tr>
        </thead>
        <tbody>
          {[...bins].reverse().map((bin) => (
            <Row key={bin.start}>
              <Cell>{clockTime(bin.start)}</Cell>
              <Cell numeric>{count(bin.requests)}</Cell>
              <Cell numeric>{rate(bin.requests / bin.seconds)}</Cell>
              <Cell numeric>{count(bin.errors)}</Cell>
              <Cell numeric>{orDash(bin.p50Ms, duration)}</Cell>
              <Cell numeric>{orDash(bin.p95Ms, duration)}</Cell>
              <Cell numeric>{orDash(bin.p99Ms, duration)}</Cell>
              <Cell numeric>{usd(bin.costUsd)}</Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
