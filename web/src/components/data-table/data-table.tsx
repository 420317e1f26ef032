import { useId, useRef, type MouseEvent, type ReactNode } from "react";

import type { Column } from "./columns";
import { SelectionBar } from "./selection-bar";
import { TableFoot, TableSkeleton } from "./table-foot";
import { TableHead } from "./table-head";
import { TableRow } from "./table-row";
import { useActiveRow } from "./use-active-row";
import { useLoadMore, type More } from "./use-load-more";
import { useSelection, type Selection } from "./use-selection";
import { useWindowRows } from "./use-window-rows";

import { Failure } from "@/components/failure";

interface Props<Row> {
  /** What the rows are, in the plural and in lower case: "operations". */
  what: string;
  columns: readonly Column<Row>[];
  /** Undefined until the first rows are known: then the table shows that it waits. */
  rows: readonly Row[] | undefined;
  getKey: (row: Row) => string;
  /** What a press on a row, or Enter, does: show the detail in a `SidePanel`, mostly. */
  onOpen?: (row: Row) => void;
  /** The row's own page: a press with Ctrl, Command or the middle button opens it in a new tab. */
  getHref?: (row: Row) => string;
  /** Key of the row whose detail lies beside the list; j and k then walk the detail too. */
  open?: string | null;
  /** What Escape does while a row is open. */
  onClose?: () => void;
  selection?: Selection;
  /** What can be done with the selected rows: buttons. */
  bulk?: (rows: Row[]) => ReactNode;
  /** Why there is no answer; rows that are here stay. */
  error?: Error | null;
  onRetry?: () => void;
  /** Shown instead of the table when there are no rows. */
  empty?: ReactNode;
  /** Following pages, loaded as one scrolls. */
  more?: More;
}

/**
 * A list of objects: sticky header, one line for each, virtualized above 200 rows, columns that give way on a phone,
 * walked by keyboard (j k x Enter Escape). The page holds all state: rows, selection, what is open, which columns.
 */
export function DataTable<Row>(props: Props<Row>) {
  const { what, rows, error, onRetry, empty } = props;
  const failure = error && (
    <Failure
      title={rows ? `The ${what} could not be brought up to date` : `The ${what} could not be loaded`}
      error={error}
      {...(onRetry && { onRetry })}
      className="my-2"
    />
  );
  if (!rows) return failure ?? <TableSkeleton what={what} />;
  return (
    <>
      {failure}
      {rows.length === 0 && !props.more?.has ? empty : <Rows {...props} rows={rows} />}
    </>
  );
}

function Rows<Row>(props: Props<Row> & { rows: readonly Row[] }) {
  const { what, columns, rows, getKey, open = null, onClose, selection, more } = props;
  const grid = useId();
  const table = useRef<HTMLTableElement>(null);
  const keys = rows.map(getKey);
  const windowed = useWindowRows(rows.length, table);
  const { select, clear, all, some, selectAll } = useSelection(selection, keys);
  const end = useLoadMore(more, rows.length);

  function openAt(index: number) {
    const row = rows[index];
    if (row !== undefined) props.onOpen?.(row);
  }

  function escape(): boolean {
    if (open !== null && onClose) onClose();
    else if (some) clear();
    else return false;
    return true;
  }

  const { active, standOn, enter } = useActiveRow({ grid, table, keys, open, openAt, scrollTo: windowed.scrollTo, toggle: select, escape });
  return (
    <>
      <table
        ref={table}
        role="grid"
        data-grid={grid}
        data-windowed={windowed.before + windowed.after > 0 || undefined}
        aria-label={what}
        aria-rowcount={more?.has ? -1 : rows.length + 1}
        {...(selection && { "aria-multiselectable": true })}
        className="w-full table-fixed border-separate border-spacing-0 text-sm"
      >
        <TableHead columns={columns} {...(selection && { select: { all, some, onChange: selectAll } })} />
        <tbody>
          <Space height={windowed.before} />
          <Window {...props} {...windowed} keys={keys} active={active} openAt={enter} standOn={standOn} select={select} />
          <Space height={windowed.after} />
        </tbody>
      </table>
      {more && <TableFoot what={what} more={more} end={end} />}
      <Picked {...props} onClear={clear} />
    </>
  );
}

/** What can be done with the rows that are selected. */
function Picked<Row>({ what, rows, getKey, selection, bulk, onClear }: Props<Row> & { rows: readonly Row[]; onClear: () => void }) {
  const picked = selection && bulk ? rows.filter((row) => selection.keys.has(getKey(row))) : [];
  if (picked.length === 0) return null;
  return (
    <SelectionBar selected={picked.length} what={what} onClear={onClear}>
      {bulk?.(picked)}
    </SelectionBar>
  );
}

interface WindowProps<Row> extends Props<Row> {
  rows: readonly Row[];
  keys: readonly string[];
  first: number;
  last: number;
  active: number;
  openAt: (index: number) => void;
  standOn: (index: number) => void;
  select: (index: number, range: boolean) => void;
}

/** The rows that are made. */
function Window<Row>({ rows, keys, first, last, active, columns, open, selection, onOpen, getHref, openAt, standOn, select }: WindowProps<Row>) {
  function press(index: number, event: MouseEvent) {
    const row = rows[index];
    if (row === undefined) return;
    if (getHref && (event.ctrlKey || event.metaKey || event.button === 1)) window.open(getHref(row), "_blank", "noopener");
    else openAt(index);
  }
  return rows.slice(first, last).map((row, place) => {
    const index = first + place;
    const key = keys[index] ?? "";
    return (
      <TableRow
        key={key}
        row={row}
        index={index}
        columns={columns}
        active={index === active}
        open={key === open}
        selected={selection?.keys.has(key)}
        onStand={standOn}
        {...(onOpen && { onPress: press })}
        {...(selection && { onSelect: select })}
      />
    );
  });
}

/** Stands for rows that are not made, as high as they would be. */
function Space({ height }: { height: number }) {
  return height > 0 ? (
    <tr aria-hidden="true">
      <td style={{ height }} className="p-0" />
    </tr>
  ) : null;
}
