import { useEffect, useEffectEvent, useRef, useState, type RefObject } from "react";

import { leaveBy, leftBy } from "./left-row";
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

interface ActiveRow {
  active: number;
  /** The focus has come to a row by itself. */
  standOn: (index: number) => void;
  /** Opens a row, and remembers it for the way back. */
  enter: (index: number) => void;
}

/** The row that the keyboard stands on: remembered by key, since rows come above it; while one is open, that one. */
export function useActiveRow({ grid, table, keys, open, openAt, scrollTo, toggle, escape }: Options): ActiveRow {
  const [came] = useState(leftBy);
  const [stood, setStood] = useState(came);
  if (open !== null && open !== stood) setStood(open);
  const active = keys.indexOf(open ?? stood ?? "");

  function stand(index: number) {
    scrollTo(index);
    const reach = () => rowOf(table.current, index)?.focus({ preventScroll: true });
    if (rowOf(table.current, index)) reach();
    // A row far away is made only after the window has moved there.
    else requestAnimationFrame(() => requestAnimationFrame(reach));
  }

  function enter(index: number) {
    const key = keys[index];
    if (key !== undefined) leaveBy(key);
    openAt(index);
  }

  useRowKeys(grid, {
    move(by) {
      const next = Math.max(0, Math.min(keys.length - 1, active < 0 ? 0 : active + by));
      const key = keys[next];
      if (key === undefined) return;
      setStood(key);
      if (open === null) stand(next);
      else if (next !== active) enter(next);
    },
    open() {
      if (active < 0) return false;
      enter(active);
      return true;
    },
    toggle: () => active >= 0 && toggle(active),
    escape,
  });

  const before = useRef<{ open: string | null; place: number }>({ open: came, place: 0 });
  const follow = useEffectEvent(() => {
    const { open: was, place } = before.current;
    if (open !== null) scrollTo(active);
    // The focus returns to the row when its detail closes, and to the row in its place when it is gone.
    else if (was !== null && isFree(table.current)) stand(keys.includes(was) ? keys.indexOf(was) : Math.min(place, keys.length - 1));
    before.current = { open, place: active };
  });
  useEffect(() => follow(), [open]);

  return { active: active < 0 ? 0 : active, standOn: (index) => setStood(keys[index] ?? null), enter };
}

/** Whether one has not gone elsewhere meanwhile: the focus is in the table, on what surrounds it, or nowhere. */
function isFree(table: HTMLElement | null): boolean {
  const focused = document.activeElement;
  return focused === null || focused.contains(table) || (table?.contains(focused) ?? false);
}
