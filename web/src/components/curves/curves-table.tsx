import type { CurvePanel } from "./curves";

import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count, DASH } from "@/lib/format";

interface Props {
  along: string;
  panels: readonly CurvePanel[];
}

/** The figures of curves, newest first. */
export function CurvesTable({ along, panels }: Props) {
  const columns = panels.flatMap(({ title, series, format }) => series.map(({ name, points }) => ({ name: `${title}, ${name}`, format, values: new Map(points.map(({ x, y }) => [x, y])) })));
  const steps = [...new Set(columns.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => b - a);
  return (
    <div role="region" aria-label="Figures of the curves" tabIndex={0} className="max-h-96 overflow-auto rounded-md border border-line px-3">
      <Table>
        <thead className="sticky top-0 bg-canvas">
          <tr>
            <Head className="capitalize">{along}</Head>
            {columns.map(({ name }) => (
              <Head key={name} numeric className="first-letter:uppercase">
                {name}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <Row key={step}>
              <Cell>{count(step)}</Cell>
              {columns.map(({ name, values, format }) => (
                <Cell key={name} numeric>
                  {values.has(step) ? format(values.get(step) ?? 0) : DASH}
                </Cell>
              ))}
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
