import { useState, type ReactNode } from "react";

/** One column of a `DataTable`. Declare columns once, outside of components. */
export interface Column<Row> {
  /** Its name in the URL, in what is remembered, and in an export. */
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand to the right. */
  numeric?: boolean;
  /** What stays as the window narrows: 1 on a phone too, 2 from 768 px (the default), 3 from 1024 px, 4 from 1280 px. */
  priority?: 1 | 2 | 3 | 4;
  /** Such as "8rem"; columns without one share the rest. */
  width?: string;
  /** The width below 768 px; without one it shares the rest. */
  phoneWidth?: string;
  /** A mark alone on a phone, too narrow for its header, which is still read out. */
  mark?: boolean;
  /** Not shown until someone chooses it. */
  optional?: boolean;
  /** Always shown: what the row is known by. */
  fixed?: boolean;
}

/** The columns shown when nobody chose. */
export function usualColumns<Row>(columns: readonly Column<Row>[]): string[] {
  return columns.filter(({ optional }) => !optional).map(({ id }) => id);
}

/** The columns of these ids, in their own order. */
export function chosen<Kind extends Pick<Column<never>, "id" | "fixed">>(columns: readonly Kind[], ids: readonly string[]): Kind[] {
  return columns.filter(({ id, fixed }) => (fixed ?? false) || ids.includes(id));
}

/** The choice of columns, remembered in this browser under the table's name. */
export function useRememberedColumns<Row>(name: string, columns: readonly Column<Row>[]) {
  const key = `hone.columns.${name}`;
  const [ids, setIds] = useState(() => remembered(key) ?? usualColumns(columns));
  function choose(next: string[]) {
    setIds(next);
    localStorage.setItem(key, JSON.stringify(next));
  }
  return [ids, choose] as const;
}

function remembered(key: string): string[] | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return Array.isArray(stored) ? stored.filter((id) => typeof id === "string") : null;
  } catch {
    return null;
  }
}
