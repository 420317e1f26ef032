import { Cell, Head, Row, Table } from "@/components/ui/table";
import type { Confused } from "@/lib/evidence";
import { count } from "@/lib/format";

const MOST = 8;

/** Which labels are taken for which others, most often first. */
export function Confusions({ pairs }: { pairs: readonly Confused[] }) {
  return (
    <Table>
      <caption className="sr-only">Labels that are taken for each other</caption>
      <thead>
        <tr>
          <Head>It was</Head>
          <Head>It said</Head>
          <Head numeric>Times</Head>
        </tr>
      </thead>
      <tbody>
        {pairs.slice(0, MOST).map(({ expected, given, count: times }) => (
          <Row key={`${expected} ${given}`}>
            <Cell className="max-w-40 truncate" title={expected}>
              {expected}
            </Cell>
            <Cell className="max-w-40 truncate" title={given}>
              {given}
            </Cell>
            <Cell numeric>{count(times)}</Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
