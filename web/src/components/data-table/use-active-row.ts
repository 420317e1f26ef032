import { useEffect, useEffectEvent, useRef, useState, type RefObject } from "react";

import { useRowKeys } from "./use-row-keys";
import { rowOf } from "./use-window-rows";

interface Options {
  grid: string;
  table: RefObject<HTMLTableElement | null>;
  keys: readonly string[];
  /** Key of the row whose detail is open. */
  open: string | null;
  openAt: (index: number) => void;
  scrollTo: (index: number) => void;
  toggle: (index: number) => void;
  escape: () => boolean;
}

/** The row that the keyboard stands on: remembered by key, since rows come above it; while one is open, that one. */
export function useActiveRow({ grid, table, keys, open, openAt, scrollTo, toggle, escape }: Options): number {
  const [stood, setStood] = useState<string | null>(null);
  if (open !== null && open !== stood) setStood(open);
  const active = keys.indexOf(open ?? stood ?? "");

  function stand(index: number) {
    scrollTo(index);
    // A row far away is made only after the window has moved there.
    requestAnimationFrame(() => requestAnimationFrame(() => rowOf(table.current, index)?.focus({ preventScroll: true })));
  }

  useRowKeys(grid, {
    move(by) {
      const next = Math.max(0, Math.min(keys.length - 1, active < 0 ? 0 : active + by));
      const key = keys[next];
      if (key === undefined) return;
      setStood(key);
      if (open === null) stand(next);
      else if (next !== active) openAt(next);
    },
    open() {
      if (active < 0) return false;
      openAt(active);
      return true;
    },
    toggle: () => active >= 0 && toggle(active),
    escape,
  });

  const before = useRef<string | null>(null);
  const follow = useEffectEvent(() => {
    if (open !== null) scrollTo(active);
    // The focus returns to the row when its detail closes.
    else if (before.current !== null) stand(keys.indexOf(before.current));
    before.current = open;
  });
  useEffect(() => follow(), [open]);

  return active < 0 ? 0 : active;
}
