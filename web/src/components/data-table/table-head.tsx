import type { CSSProperties } from "react";

import type { Column } from "./columns";
import { SelectBox, shownFrom } from "./table-row";

import { cn } from "@/lib/cn";

interface Props<Row> {
  columns: readonly Column<Row>[];
  select?: { all: boolean; some: boolean; onChange: () => void };
}

const cols = { 1: "", 2: "hidden md:table-column", 3: "hidden lg:table-column", 4: "hidden xl:table-column" } as const;
const head = "sticky top-12 z-5 h-8 bg-canvas text-xs font-medium whitespace-nowrap text-quiet lg:top-0";

/** The widths and the names of the columns; the names stay in sight. */
export function TableHead<Row>({ columns, select }: Props<Row>) {
  return (
    <>
      <colgroup>
        {select && <col className="w-8" />}
        {columns.map(({ id, priority = 2, width, phoneWidth }) => (
          <col
            key={id}
            className={cn("w-(--narrow) md:w-(--wide)", cols[priority])}
            style={{ "--narrow": phoneWidth ?? "auto", "--wide": width ?? "auto" } as CSSProperties}
          />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {select && (
            <th scope="col" className={cn(head, "pl-1 text-left")}>
              <SelectBox checked={select.all} mixed={select.some && !select.all} label="Select all loaded rows" onChange={select.onChange} />
            </th>
          )}
          {columns.map(({ id, header, numeric, mark, priority = 2 }) => (
            <th key={id} scope="col" className={cn(head, "truncate px-2", numeric ? "text-right" : "text-left", shownFrom[priority])}>
              {mark ? <span className="max-md:sr-only">{header}</span> : header}
            </th>
          ))}
        </tr>
      </thead>
    </>
  );
}
