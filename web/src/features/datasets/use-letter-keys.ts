import { useEffect, useEffectEvent, useRef } from "react";

import { isCovered } from "@/lib/layers";

/** So long a `g` may be the first half of a jump to another page, whose second half decides nothing here. */
const JUMP_MS = 1500;
const TYPED = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable=true], dialog, [popover]";

/** Chords are the browser's, letters a field's, and what lies above has the keyboard for itself. */
function belongsElsewhere({ defaultPrevented, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  return defaultPrevented || ctrlKey || metaKey || altKey || (target instanceof Element && target.closest(TYPED) !== null) || isCovered(document.body);
}

/** Letters that decide about what is shown, wherever the focus is, unless one types or something lies above. */
export function useLetterKeys(keys: Record<string, () => void>): void {
  const jumping = useRef(0);
  const press = useEffectEvent((event: KeyboardEvent) => {
    const { key, timeStamp } = event;
    if (belongsElsewhere(event)) return;
    const jumps = timeStamp < jumping.current;
    jumping.current = key === "g" && !jumps ? timeStamp + JUMP_MS : 0;
    const act = jumps ? undefined : keys[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
}
