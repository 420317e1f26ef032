import { useRef } from "react";

/** Which rows are selected, by key; the page holds it. */
export interface Selection {
  keys: ReadonlySet<string>;
  onChange: (keys: ReadonlySet<string>) => void;
}

/** Selects rows one by one, as a range with Shift, or all that are loaded. */
export function useSelection(selection: Selection | undefined, keys: readonly string[]) {
  const before = useRef<number | null>(null);

  function select(index: number, range = false) {
    const key = keys[index];
    if (!selection || key === undefined) return;
    const next = new Set(selection.keys);
    const adds = !next.has(key);
    const from = range && before.current !== null ? before.current : index;
    for (const each of keys.slice(Math.min(from, index), Math.max(from, index) + 1)) {
      if (adds) next.add(each);
      else next.delete(each);
    }
    before.current = index;
    selection.onChange(next);
  }

  const clear = () => selection?.onChange(new Set());
  const all = keys.length > 0 && keys.every((key) => selection?.keys.has(key));
  const some = (selection?.keys.size ?? 0) > 0;
  return { select, clear, all, some, selectAll: () => (all ? clear() : selection?.onChange(new Set(keys))) };
}
