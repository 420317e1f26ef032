import { Whisker } from "./whisker";

import { Cell, Head, Row, Table } from "@/components/ui/table";
import type { Moved } from "@/lib/evidence";
import { points } from "@/lib/format";
import { figure, measure } from "@/lib/measures";
import { niceCeiling } from "@/lib/scale";

interface Props {
  rows: readonly Moved[];
  /** What the rows are: "Measure", "Slice". */
  head: string;
  former: string;
  now: string;
}

/** What changed between two versions, each with its interval around zero. */
export function Differences({ rows, head, former, now }: Props) {
  const reach = niceCeiling(Math.max(0.005, ...rows.flatMap(({ low, high, difference }) => [low ?? difference, high ?? difference].map(Math.abs))));
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={`Differences by ${head.toLowerCase()}`}>
      <Table>
        <thead>
          <tr>
            <Head>{head}</Head>
            <Head numeric className="max-sm:hidden">
              {former}
            </Head>
            <Head numeric className="max-sm:hidden">
              {now}
            </Head>
            <Head numeric>Difference</Head>
            <Head className="w-28 sm:w-52">
              <span className="flex justify-between font-normal">
                <span>{points(-reach).replace(" points", "")}</span>
                <span>0</span>
                <span>{points(reach).replace(" points", "")}</span>
              </span>
            </Head>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.name}>
              <Cell className="max-w-40 truncate" title={row.name}>
                {head === "Measure" ? measure(row.name) : row.name}
              </Cell>
              <Cell numeric className="max-sm:hidden">
                {row.champion === null ? "–" : figure(head === "Measure" ? row.name : "accuracy", row.champion)}
              </Cell>
              <Cell numeric className="max-sm:hidden">
                {row.challenger === null ? "–" : figure(head === "Measure" ? row.name : "accuracy", row.challenger)}
              </Cell>
              <Cell numeric>{points(row.difference)}</Cell>
              <Cell>
                <Whisker {...row} reach={reach} words={row.low === null || row.high === null ? "no interval" : `95 %: ${points(row.low)} to ${points(row.high)}`} />
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
