import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Cell, Row, Table } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { count, percent } from "@/lib/format";

export interface Bar {
  name: string;
  label: ReactNode;
  value: number;
  /** The address of what is counted. */
  to?: { path: string; search: Record<string, unknown>; datasetId: string };
  color?: string;
}

interface Props {
  /** What is counted: "Examples by label". */
  title: string;
  bars: readonly Bar[];
  /** What each is a part of; the largest bar fills the place. */
  total: number;
}

/** Amounts next to each other, from zero: a picture that is its own table. */
export function Bars({ title, bars, total }: Props) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <Table aria-label={title} className="table-fixed">
      <colgroup>
        <col className="w-2/5 sm:w-1/3" />
        <col />
        <col className="w-16" />
        <col className="w-16" />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Bar</th>
          <th scope="col">Examples</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ name, label, value, to, color }) => (
          <Row key={name}>
            <Cell className="truncate">
              {to ? (
                <Link to={to.path} params={{ datasetId: to.datasetId }} search={to.search} className="hit hover:underline">
                  {label}
                </Link>
              ) : (
                label
              )}
            </Cell>
            <Cell aria-hidden="true">
              <span className={cn("block h-3 rounded-sm bg-mark", value > 0 && "min-w-0.5")} style={{ width: `${(value / most) * 100}%`, ...(color && { backgroundColor: color }) }} />
            </Cell>
            <Cell numeric>{count(value)}</Cell>
            <Cell numeric className="text-quiet">
              {percent(total === 0 ? 0 : value / total)}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
