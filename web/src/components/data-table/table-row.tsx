import type { MouseEvent, ReactNode } from "react";

import type { Column } from "./columns";

import { cn } from "@/lib/cn";

/** From which width on a column of each priority is there. */
export const shownFrom = {
  1: "",
  2: "hidden md:table-cell",
  3: "hidden lg:table-cell",
  4: "hidden xl:table-cell",
} as const;

interface Props<Row> {
  row: Row;
  index: number;
  columns: readonly Column<Row>[];
  /** The row that the keyboard stands on. */
  active: boolean;
  /** The row whose detail lies beside the list. */
  open: boolean;
  /** Undefined where rows cannot be selected. */
  selected: boolean | undefined;
  /** The focus came to it. */
  onStand: (index: number) => void;
  onPress?: (index: number, event: MouseEvent) => void;
  onSelect?: (index: number, range: boolean) => void;
}

/** One row: pressed as a whole, unless the press is meant for something in it. */
export function TableRow<Row>({ row, index, columns, active, open, selected, onStand, onPress, onSelect }: Props<Row>) {
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selected ?? open}
      tabIndex={active ? 0 : -1}
      onFocus={(event) => event.target === event.currentTarget && onStand(index)}
      onClick={(event) => onPress && ours(event) && onPress(index, event)}
      onAuxClick={(event) => onPress && event.button === 1 && ours(event) && onPress(index, event)}
      className={cn(
        "h-9 pointer-coarse:h-11 [&>td]:border-t [&>td]:border-line",
        onPress && "cursor-pointer hover:bg-sunken",
        (open || selected) && "bg-accent-soft hover:bg-accent-soft",
        "focus-visible:-outline-offset-2",
      )}
    >
      {onSelect && (
        <td className="pl-1">
          <SelectBox checked={selected ?? false} label={`Select row ${index + 1}`} onChange={(range) => onSelect(index, range)} />
        </td>
      )}
      {columns.map((column) => (
        <Cell key={column.id} column={column}>
          {column.cell(row)}
        </Cell>
      ))}
    </tr>
  );
}

function Cell<Row>({ column, children }: { column: Column<Row>; children: ReactNode }) {
  return <td className={cn("truncate px-2", column.numeric && "text-right", shownFrom[column.priority ?? 2])}>{children}</td>;
}

interface BoxProps {
  checked: boolean;
  mixed?: boolean;
  label: string;
  onChange: (range: boolean) => void;
}

/** A checkbox whose target fills the cell. */
export function SelectBox({ checked, mixed = false, label, onChange }: BoxProps) {
  return (
    <label className="hit flex size-6 items-center justify-center">
      <input
        type="checkbox"
        className="size-4 accent-accent"
        aria-label={label}
        checked={checked}
        ref={(box) => {
          if (box) box.indeterminate = mixed;
        }}
        // The range is taken from where one clicked before, so the press itself says whether Shift is down.
        onClick={(event) => onChange(event.shiftKey)}
        onChange={() => undefined}
      />
    </label>
  );
}

/** A press on something inside of the row is meant for that. */
function ours({ target, currentTarget }: MouseEvent): boolean {
  if (!(target instanceof Element)) return false;
  const inner = target.closest("a, button, input, label, summary");
  return (inner === null || !currentTarget.contains(inner)) && (getSelection()?.isCollapsed ?? true);
}
