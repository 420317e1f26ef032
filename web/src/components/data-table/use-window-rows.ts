import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useState, type RefObject } from "react";

/** Above so many rows only those near the window are made. */
const MOST_WHOLE = 200;
/** The sticky header, and on a phone the bar above it. */
const HEAD = 96;

interface Windowed {
  first: number;
  /** Not included. */
  last: number;
  /** Pixels that stand for the rows before and after. */
  before: number;
  after: number;
  scrollTo: (index: number) => void;
}

/** Which rows to make for what the window shows: the page itself scrolls. */
export function useWindowRows(count: number, table: RefObject<HTMLTableElement | null>): Windowed {
  const [margin, setMargin] = useState(0);
  const height = matchMedia("(pointer: coarse)").matches ? 44 : 36;
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: 12,
    enabled: count > MOST_WHOLE,
    scrollMargin: margin,
    scrollPaddingStart: HEAD,
    scrollPaddingEnd: HEAD,
  });
  useLayoutEffect(() => {
    // What stands above the table may grow and shrink: the page as a whole tells.
    const observer = new ResizeObserver(() => {
      const at = table.current?.getBoundingClientRect().top;
      if (at !== undefined) setMargin(at + scrollY);
    });
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [table]);

  const made = rows.getVirtualItems();
  const [first, last] = [made[0], made.at(-1)];
  if (count <= MOST_WHOLE || !first || !last) {
    return { first: 0, last: Math.min(count, MOST_WHOLE), before: 0, after: 0, scrollTo: (index) => reveal(table.current, index) };
  }
  return {
    first: first.index,
    last: last.index + 1,
    before: first.start - margin,
    after: rows.getTotalSize() - (last.end - margin),
    scrollTo: (index) => rows.scrollToIndex(index, { align: "auto" }),
  };
}

function reveal(table: HTMLTableElement | null, index: number): void {
  rowOf(table, index)?.scrollIntoView({ block: "nearest" });
}

/** The row of an index, when it is made. */
export function rowOf(table: HTMLTableElement | null, index: number): HTMLElement | null {
  return table?.querySelector<HTMLElement>(`tr[data-index="${index}"]`) ?? null;
}
