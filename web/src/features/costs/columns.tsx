import { limitsOf, used } from "./budgets";
import { usdSigned } from "./figures";
import { Moved } from "./moved";
import { OTHERS } from "./stacks";
import { labelOf, moved, nameOf } from "./words";

import type { CostItem, LimitRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { count, DASH, orDash, percent, usd } from "@/lib/format";

/** A value with the colour that the picture gives it. */
export interface CostRow extends CostItem {
  fill: string | undefined;
}

/** The columns of the table for one dimension; revenue, limits and changes only where there are any. */
export function columnsOf(by: string, limits: readonly LimitRead[], earns: boolean, compares: boolean): Column<CostRow>[] {
  const held = limits.some(({ subject }) => subject.kind === by);
  const budget: Column<CostRow> = {
    id: "limit",
    header: "Limit",
    numeric: true,
    priority: 3,
    width: "11rem",
    cell: (row) => limitsOf(limits, by, row).map(used).join(", ") || DASH,
  };
  const change: Column<CostRow> = {
    id: "change",
    header: "Change",
    numeric: true,
    priority: 1,
    width: "6rem",
    phoneWidth: "5rem",
    cell: ({ costUsd, before }) => <Moved by={moved(costUsd, before?.costUsd)} />,
  };
  const earning: Column<CostRow>[] = [
    { id: "revenue", header: "Revenue", numeric: true, priority: 4, width: "6rem", cell: ({ revenueUsd }) => orDash(revenueUsd, usd) },
    { id: "margin", header: "Margin", numeric: true, priority: 2, width: "6rem", cell: ({ marginUsd }) => orDash(marginUsd, usdSigned) },
  ];
  return [
    { id: "value", header: nameOf(by), priority: 1, fixed: true, cell: (row) => <Named by={by} row={row} /> },
    { id: "cost", header: "Cost", numeric: true, priority: 1, width: "6rem", phoneWidth: "5.75rem", cell: ({ costUsd }) => usd(costUsd) },
    { id: "share", header: "Share", numeric: true, priority: 2, width: "5rem", cell: ({ share }) => percent(share) },
    ...(compares ? [change] : []),
    { id: "calls", header: "Calls", numeric: true, priority: 2, width: "6rem", cell: ({ calls }) => count(calls) },
    { id: "average", header: "Of a call", numeric: true, priority: 3, width: "6.5rem", cell: ({ averageCostUsd }) => orDash(averageCostUsd, usd) },
    ...(earns ? earning : []),
    { id: "tokens", header: "Tokens", numeric: true, priority: 4, width: "6rem", cell: ({ inputTokens, outputTokens }) => count(inputTokens + outputTokens) },
    ...(held ? [budget] : []),
  ];
}

function Named({ by, row }: { by: string; row: CostRow }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ backgroundColor: row.fill ?? OTHERS }} />
      <span className="truncate">{labelOf(by, row)}</span>
    </span>
  );
}
