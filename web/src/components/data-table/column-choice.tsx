import { Columns3 } from "lucide-react";

import { usualColumns, type Column } from "./columns";

import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";

interface Props<Row> {
  columns: readonly Column<Row>[];
  /** Ids of the columns that are shown. */
  shown: readonly string[];
  onChange: (shown: string[]) => void;
}

/** Chooses which columns a table shows. */
export function ColumnChoice<Row>({ columns, shown, onChange }: Props<Row>) {
  const free = columns.filter(({ fixed }) => !fixed);
  function toggle(id: string) {
    const next = shown.includes(id) ? shown.filter((each) => each !== id) : [...shown, id];
    onChange(columns.filter((each) => next.includes(each.id)).map((each) => each.id));
  }
  return (
    <Popover
      name="Columns"
      label={
        <>
          <Columns3 aria-hidden="true" /> Columns
        </>
      }
    >
      {() => (
        <fieldset>
          <legend className="mb-1 text-xs font-medium text-quiet">Columns</legend>
          {free.map(({ id, header }) => (
            <label key={id} className="flex h-8 cursor-pointer items-center gap-2 rounded-sm px-1 hover:bg-sunken pointer-coarse:h-11">
              <input type="checkbox" className="size-4 accent-accent" checked={shown.includes(id)} onChange={() => toggle(id)} />
              {header}
            </label>
          ))}
          <Button look="quiet" className="mt-1 w-full" onClick={() => onChange(usualColumns(columns))}>
            Show the usual columns
          </Button>
        </fieldset>
      )}
    </Popover>
  );
}
