import { useEffect, useEffectEvent } from "react";

import { isCovered } from "@/lib/layers";

interface Actions {
  /** Moves by so many rows. */
  move: (by: number) => void;
  /** Opens the row that is pointed at; tells whether there was one. */
  open: () => boolean;
  /** Selects the row that is pointed at, or takes it out. */
  toggle: () => void;
  /** Steps back: true when there was something to step back from. */
  escape: () => boolean;
}

/** Where a key means a letter or belongs to a control, never a row. */
const TAKEN = "input, select, textarea, [contenteditable=true], dialog, [popover], [role=slider], [role=menu]";
const PRESSED = "a, button, summary";

/** Walks a list by the keyboard, wherever the focus is: j and k, x, Enter, Escape; in the list arrows, Home and End too. */
export function useRowKeys(grid: string, actions: Actions): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const table = document.querySelector(`[data-grid="${grid}"]`);
    if (event.defaultPrevented || chord(event) || typing(target, event.key) || isCovered(table)) return;
    if (act(event.key, actions, { inGrid: table?.contains(target) ?? false, target })) event.preventDefault();
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
}

const chord = (event: KeyboardEvent) => event.ctrlKey || event.metaKey || event.altKey;

/** A row's checkbox holds the focus after a click, but types nothing. */
function typing(target: Element | null, key: string): boolean {
  if (!target?.closest(TAKEN)) return false;
  return key === "Enter" || !target.matches("[data-grid] input[type=checkbox]");
}

const everywhere: Record<string, number> = { j: 1, k: -1 };
const inside: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

function act(key: string, actions: Actions, { inGrid, target }: { inGrid: boolean; target: Element | null }): boolean {
  const by = everywhere[key] ?? (inGrid ? inside[key] : undefined);
  if (by !== undefined) actions.move(by);
  else if (key === "x") actions.toggle();
  else if (key === "Escape") return actions.escape();
  else if (key === "Enter" && !target?.closest(PRESSED)) return actions.open();
  else return false;
  return true;
}
